"""The child process that takes pictures out of media files: one file per question."""

import av.logging

from workers.confined.child import serve
from workers.libraries.probing.embedded import take

if __name__ == "__main__":
    av.logging.set_libav_level(av.logging.PANIC)
    serve(take)
