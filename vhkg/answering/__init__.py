"""From a patient's record to an answer."""
