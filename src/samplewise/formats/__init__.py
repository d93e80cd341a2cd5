"""Label files in and out: COCO, YOLO, Pascal VOC, folders of images; Parquet and CSV out."""
