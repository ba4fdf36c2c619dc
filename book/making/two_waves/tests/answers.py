RIGHT = {"full-waves": [3, 3.0]}
WRONG = {"full-waves": [6, 1, 1.5]}
