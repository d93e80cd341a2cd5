"""The parts of a COCO document."""

from typing import Any

from samplewise.demo.scenes._scene import VisibleObject


def document(description: str, categories: list[dict[str, Any]]) -> dict[str, Any]:
    """A COCO document without images."""
    about = {"description": description}
    return {"info": about, "images": [], "annotations": [], "categories": categories}


def add_image(coco: dict[str, Any], number: int, file_name: str, size: int) -> None:
    """Enter a square image; its id is its number."""
    sides = {"width": size, "height": size}
    coco["images"].append({"id": number, "file_name": file_name, **sides})


def add_annotation(
    coco: dict[str, Any], thing: VisibleObject, category: int, **fields: Any
) -> None:
    """Annotate a thing of the image entered last; boxes are rounded to 0.01 pixel."""
    left, top, right, bottom = thing.box.tolist()
    coco["annotations"].append(
        {
            "id": len(coco["annotations"]) + 1,
            "image_id": coco["images"][-1]["id"],
            "category_id": category,
            "bbox": [round(value, 2) for value in (left, top, right - left, bottom - top)],
            "area": round(thing.area, 2),
            "iscrowd": 0,
            **fields,
        }
    )
