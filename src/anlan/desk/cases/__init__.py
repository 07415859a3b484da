"""What must be closed: steps, who may act, clocks, evidence, reminders, supervision, and a history nobody edits."""
