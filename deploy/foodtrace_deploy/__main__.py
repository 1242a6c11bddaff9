"""`python -m foodtrace_deploy`: the command `foodtrace` where it isn't on the path."""

from foodtrace_deploy.main import app

app(prog_name="foodtrace")
