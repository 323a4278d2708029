"""The errors of sahel-map: one root, few children, each also the fitting built-in.

    SahelMapError
    ├── InputError (ValueError)         a report, table or argument that cannot be used
    ├── GazetteerError (LookupError)    gazetteer data missing, damaged or not recognised
    ├── DownloadError (OSError)         a download that failed or did not verify
    └── OutputError (OSError)           a file that could not be written

A message says what came, what was wanted, where, and what to do about it.
"Found nothing" is a value, never an error.
"""


class SahelMapError(Exception):
    """Root of every error this package raises on purpose."""


class InputError(SahelMapError, ValueError):
    """A report, table or argument that cannot be used as it is."""


class GazetteerError(SahelMapError, LookupError):
    """Gazetteer data that is missing, damaged or of a format no reader recognises."""


class DownloadError(SahelMapError, OSError):
    """A download that failed, or whose content did not verify."""


class OutputError(SahelMapError, OSError):
    """An output file that could not be written."""
