"""Where YOLO's images, labels and classes are, as YAML files in the wild say it."""

import shutil

import pytest

from samplewise.errors import FormatError, InvalidArgumentError


def names_of(table):
    return [url.rsplit("/", 1)[1] for url in table.image_urls()]


def refusal(read_yolo, *arguments, **options):
    with pytest.raises(FormatError) as caught:
        read_yolo(*arguments, **options)
    assert "data.yaml` " in caught.value.message
    return caught.value.message.split("data.yaml` ")[1]


def test_a_split_may_be_a_folder_with_folders(read_yolo, dataset):
    assert names_of(read_yolo({"b/1": "0 .5 .5 1 1", "a/2": None})) == ["2.png", "1.png"]


def test_a_split_may_be_a_list_in_a_file(read, dataset, tmp_path):
    file = dataset({"1": None, "2": None, "3": None}, train="train.txt")
    lines = [
        "./images/train/3.png",
        "",
        "images/train/1.png",
        str(tmp_path / "data/images/train/2.png"),
    ]
    (tmp_path / "data" / "train.txt").write_text("\n".join(lines))
    assert names_of(read("yolo", file)) == ["3.png", "1.png", "2.png"]


def test_a_split_may_be_several_folders(read_yolo):
    table = read_yolo({"b/1": None, "a/2": None}, train=["images/train/b", "images/train/a"])
    assert names_of(table) == ["1.png", "2.png"]


def test_labels_may_lie_beside_images(read, dataset, tmp_path, make_image):
    image = make_image(tmp_path / "data" / "all" / "x.png", (10, 10))
    image.with_suffix(".txt").write_text("0 0.5 0.5 1 1")
    assert len(read("yolo", dataset(train="all"))[0]["bbs"]) == 1


def test_the_last_folder_named_images_becomes_labels(read, dataset, tmp_path, make_image):
    image = make_image(tmp_path / "data" / "images" / "train" / "images" / "x.png", (10, 10))
    labels = image.parent.parent / "labels" / "x.txt"
    labels.parent.mkdir()
    labels.write_text("0 0.5 0.5 1 1")
    file = dataset(train="images/train/images")
    assert len(read("yolo", file)[0]["bbs"]) == 1


@pytest.mark.parametrize(
    ("names", "classes"),
    [
        (["cat", "dog"], {0: "cat", 1: "dog"}),
        ({0: "cat", 5: "dog"}, {0: "cat", 5: "dog"}),
        ({"0": "cat", "1": 7}, {0: "cat", 1: "7"}),
    ],
)
def test_names_may_be_a_list_or_a_mapping(read_yolo, names, classes):
    table = read_yolo({"1": None}, names=names)
    assert table.get_simple_value_map("bbs.instances_additional_data.label") == classes


def test_a_path_may_be_absolute(read, dataset, tmp_path):
    file = dataset(path=str(tmp_path / "data"))
    moved = shutil.move(file, tmp_path / "elsewhere.yaml")
    assert len(read("yolo", moved)) == 1


def test_a_path_that_is_not_there_is_the_folder_of_the_file(read_yolo, repaired):
    table = read_yolo(path="../datasets/gone")
    assert len(table) == 1
    assert repaired(table) == {"`path` that is not there: the folder of the file is taken": 1}


def test_a_split_one_folder_too_high_is_found(read_yolo, repaired):
    table = read_yolo(path=None, train="../images/train")
    assert repaired(table) == {"splits that are named one folder too high: found": 1}


def test_val_may_be_called_validation(read_yolo):
    assert len(read_yolo(train=None, validation="images/train", split="val")) == 1


def test_images_without_labels_are_rows_and_counted(read_yolo, kept):
    table = read_yolo({"1": "0 .5 .5 1 1", "2": None, "3": ""})
    assert len(table) == 3
    assert kept(table) == {"images without a label file": 1, "label files without any label": 1}


def test_labels_without_an_image_are_counted(read, dataset, tmp_path, repaired):
    file = dataset()
    (tmp_path / "data" / "labels" / "train" / "lost.txt").write_text("0 .5 .5 1 1")
    (tmp_path / "data" / "labels" / "train" / "classes.txt").write_text("cat")
    assert repaired(read("yolo", file)) == {"label files whose image is missing: left out": 1}


def broken(dataset, tmp_path):
    file = dataset({"1": "0 .5 .5 1 1", "2": "0 .5 .5 1 1"})
    (tmp_path / "data" / "images" / "train" / "2.png").write_text("no picture")
    return file


def test_images_that_cannot_be_read_are_left_out_and_counted(read, dataset, tmp_path, repaired):
    table = read("yolo", broken(dataset, tmp_path))
    assert names_of(table) == ["1.png"]
    assert repaired(table) == {
        "images that cannot be read: left out": 1,
        "labels of images that were left out: left out": 1,
    }


def test_images_that_cannot_be_read_can_stay_without_labels(read, dataset, tmp_path):
    table = read("yolo", broken(dataset, tmp_path), missing_images="keep")
    row = table.table_rows[1]
    assert (row["width"], row["bbs"]["instances"], row["bbs"]["x_max"]) == (None, [], None)


def test_images_that_cannot_be_read_can_be_refused(read, dataset, tmp_path):
    with pytest.raises(FormatError, match="has 1 images that cannot be read, of 2"):
        read("yolo", broken(dataset, tmp_path), missing_images="raise")


def test_turned_images_are_measured_as_shown(read, dataset, tmp_path):
    from PIL import Image

    file = dataset({"1": "0 .5 .5 1 1"})
    exif = Image.Exif()
    exif[0x0112] = 8
    Image.new("RGB", (30, 20)).save(tmp_path / "data/images/train/1.png", exif=exif)
    assert read("yolo", file)[0]["bbs"].boxes.tolist() == [[0, 0, 20, 30]]


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({"names": None}, "must have `names`: a list, or a mapping from class id to name."),
        ({"names": {"a": "cat"}}, "must have integers as class ids in `names`, but has a."),
        ({"nc": 3}, "has 2 `names`, but `nc` is 3."),
        ({"kpt_shape": [17]}, "must have [joints, 2 or 3] as `kpt_shape`, but has [17]."),
        ({"split": "test"}, "must have the split `test`."),
        ({"train": "images/gone"}, "names `images/gone`, but there is no `"),
        ({"train": "labels/train"}, "must name images as `train`, but there are none in"),
        ({"options": {"task": "pose"}}, "must have `kpt_shape` for task `pose`."),
        (
            {"kpt_shape": [2, 3], "flip_idx": [0, 0], "options": {"task": "pose"}},
            "must have 2 joints in `kpt_names` and `flip_idx`, as in `kpt_shape`.",
        ),
    ],
)
def test_a_layout_that_is_wrong_is_refused(read_yolo, document, reason):
    assert reason in refusal(read_yolo, **document)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("names: [a\ntrain: x: y", "must be YAML, but "),
        ("- a\n- b", "must be a YAML mapping with `train`, `val` and `names`, but is a sequence."),
        ("", "but is empty."),
    ],
)
def test_a_file_that_is_no_layout_is_refused(read, tmp_path, text, reason):
    file = tmp_path / "data.yaml"
    file.write_text(text)
    with pytest.raises(FormatError) as caught:
        read("yolo", file)
    assert reason in caught.value.message


def test_a_file_that_is_not_there_is_refused(read, tmp_path):
    with pytest.raises(FormatError, match="cannot be read: No such file"):
        read("yolo", tmp_path / "data.yaml")


def test_an_unknown_task_is_refused(read_yolo):
    with pytest.raises(InvalidArgumentError, match="`task` must be"):
        read_yolo(options={"task": "obb"})


def test_names_in_yaml_are_the_text_that_stands_there(read, dataset):
    file = dataset()
    text = "path: .\ntrain: images/train\nnames: [no, 010, 2024-01-01, null, 1.50, 'on', 0x1F, ~]\n"
    file.write_text(text)
    names = read("yolo", file).get_simple_value_map("bbs.instances_additional_data.label")
    assert list(names.values()) == ["no", "010", "2024-01-01", "null", "1.50", "on", "0x1F", "~"]
