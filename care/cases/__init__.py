"""Cases: questions that a person answers. One open case a family and topic; no open case is ever unowned for long."""
