"""How much the dashboard adds to the API: `make bench` measures it and writes docs/benchmarks.md.

A topic is a module that says what it compares (`TITLE`, `ABOUT`, `ROWS`) and has `measure()`, which gives the
`Result` of each row in their order.

topics      all of them, and how one is run
rows        what is compared, and what came out: values and arithmetic
page        those as docs/benchmarks.md
stand_in    the API in a process of its own, and bare calls to it
dashboard   ours: in this process, or as it is served in production
"""
