"""What a camera's frames show: frames in, findings out. No sockets, no clocks, no database; OpenCV on the processor.

A frame is an array ``uint8 [height, width, 3]`` in OpenCV's order blue, green, red. Places in a frame are fractions of
its width and height from the top left corner, so that a zone drawn on a snapshot holds for any size of the stream.

zones.py       a drawn area of the picture
moving.py      what moves before a background that is learnt
intrusion.py   something has been moving inside a zone for some time
people.py      upright people
absence.py     how long nobody has been at a post
fire.py        flames by colour and flicker, smoke by veil and drift
model.py       a detector from an ONNX file, in place of the above or beside
view.py        whether the picture can be judged at all: dark, covered, frozen, turned away
watcher.py     the detectors that a camera is set to, and what each says of a frame
pictures.py    a frame as JPEG, with what was found drawn on it
"""
