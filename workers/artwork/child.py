"""The child process that looks at pictures: one question, one picture."""

import warnings

from PIL import Image

from workers.artwork.hashing import perceptual_hash
from workers.artwork.looking import look
from workers.confined.child import serve

if __name__ == "__main__":
    Image.init()  # whatever is loaded late is loaded before memory is limited
    perceptual_hash(Image.new("L", (64, 64)))
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    serve(look)
