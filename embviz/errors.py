"""Every exception class of embviz.

EmbvizError
├── InputError(ValueError)               the caller can fix the arguments
│   ├── DatasetError                     a file, folder or array that is not the data it should be
│   │   └── DownloadError                a dataset that could not be fetched
│   └── SpecError                        a parameter out of its range: perplexity, k, classes, metric …
├── MissingDependencyError(ImportError)  a package that this feature needs is not installed
├── ClusterError(ConnectionError)        the machines that were to compute are gone, or were never there
├── OutOfMemoryError(MemoryError)        there is less memory than a computation needs
├── ProtocolError(ValueError)            the browser sent something that is not part of the contract
├── ExportError(OSError)                 files could not be written, or would overwrite somebody's work
├── PageError(RuntimeError)              the server of the page could not be started from Python
└── Cancelled                            raised out of a progress callback to stop a running stage
    └── Unwatched                        the same, because nobody looks at the page any more

A message says what was given, what is allowed and what to do. The command line prints it as one
line and exits with 2; the page shows it where the input was given. Anything that is not an
EmbvizError is a bug and keeps its traceback.
"""


class EmbvizError(Exception):
    """Base class of every error that embviz raises on purpose."""


class InputError(EmbvizError, ValueError):
    """The caller can fix the arguments."""


class DatasetError(InputError):
    """A file, folder or array that is not the data it should be."""


class DownloadError(DatasetError):
    """A dataset that could not be fetched.

    Attributes
    ----------
    reason
        Why the dataset could not be fetched, in two or three words; the message says more.
    """

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class SpecError(InputError):
    """A parameter out of its range, or one that does not fit the data."""


class MissingDependencyError(EmbvizError, ImportError):
    """A package that this feature needs is not installed."""


class ClusterError(EmbvizError, ConnectionError):
    """The machines that were to compute are gone, or were never there."""


class OutOfMemoryError(EmbvizError, MemoryError):
    """There is less memory than a computation needs."""


class ProtocolError(EmbvizError, ValueError):
    """The browser sent something that is not part of the contract."""


class ExportError(EmbvizError, OSError):
    """Files could not be written, or would overwrite somebody's work."""


class PageError(EmbvizError, RuntimeError):
    """The server of the page could not be started from Python."""


class Cancelled(EmbvizError):
    """A progress callback asked the running stage to stop."""


class Unwatched(Cancelled):
    """The running stage was stopped because its page has not asked about it for a long time."""
