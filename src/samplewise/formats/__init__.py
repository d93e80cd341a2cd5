"""Label files in and out: COCO, YOLO."""
