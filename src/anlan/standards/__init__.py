"""Law and national standards as pure functions over effective-dated tables.

One folder per subject, one module per document. Nothing here knows a clock, a network, a database or a framework: the
day is an argument, every number comes from a table that names its source, and every answer explains itself.

    citing     instruments, clauses, and how sure we are of what we say
    dating     which edition of a rule holds, on two dates: the day asked and the day the thing came under the rule
    tracing    an answer with its reasons, as a tree
    tables     CSV tables read strictly
    exact      numbers as they are written, so that limits are met to the digit
    questions  what a person can ask of a document: form, examples, answer
    schemas    pieces of the forms of questions
    coverage   which parts of a document are here, and how far they were checked
"""
