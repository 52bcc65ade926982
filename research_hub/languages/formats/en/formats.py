"""English dates on the desk, with the month as readers' pages write it; Django would cut it short."""

DATE_FORMAT = "F j, Y"
DATETIME_FORMAT = "F j, Y, P"
