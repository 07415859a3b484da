"""Emergency plans: when they are filed, evaluated, exercised and revised (`clocks`)."""
