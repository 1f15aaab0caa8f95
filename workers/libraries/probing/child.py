"""The probing child process: one path per question."""

import av.logging

from workers.confined.child import serve
from workers.libraries.probing.probe import probe_file

if __name__ == "__main__":
    av.logging.set_libav_level(av.logging.PANIC)
    serve(probe_file)
