"""`anlan run`: sets up what is missing, starts every process of the platform, watches over them and ends them in order.

ports.py     which ports are taken for what
setup.py     what must be done before the first start, and when it must be done again
children.py  the table of processes: command, when it may start, in which wave it ends
restart.py   how long to wait before a process that died is started again
output.py    what the processes write: to the console and to rotating files
status.py    var/run.json: what runs where, for people and for other commands
run.py       the loop that ties these together
"""
