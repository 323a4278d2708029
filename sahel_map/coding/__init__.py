"""Event coding: from one report to the incidents it tells of. Words and patterns are data, in ``coding/data``."""
