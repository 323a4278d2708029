"""Reading English and French: sentences, dates, numbers. Words and patterns are data, in ``language/data``."""
