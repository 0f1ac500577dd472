"""A Slurm cluster of one node on loopback: Debian's munge, slurmctld and slurmd with a key, sockets, ports and state of their own. Nothing of a
cluster that this machine may be part of is read or touched."""

import contextlib
import getpass
import os
import pathlib
import re
import secrets
import shutil
import socket
import subprocess
import tempfile
import time

CONFIGURATION = """\
ClusterName=loopback
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket,cred_expire=5
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=batch_sched_delay=0,sched_interval=1
SlurmdParameters=config_overrides
ReturnToService=2
MinJobAge=3600
KillWait=20
OverTimeLimit=0
JobRequeue=1
NodeName={host} NodeAddr=127.0.0.1 CPUs=3 State=UNKNOWN
PartitionName=all Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""
PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "scontrol", "scancel")
SECONDS = 60


def missing_programs():
    return [name for name in PROGRAMS if program(name) is None]


def program(name):
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


def free_ports(count):
    with contextlib.ExitStack() as open_ones:
        sockets = [open_ones.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def wait_until(condition, what, seconds=SECONDS):
    """The first answer of `condition` that is not false."""
    end = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds} s for {what}")
        time.sleep(0.1)


class Cluster:
    """Use `running()`. `env` is the environment in which Slurm's own programs speak to it."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.host = socket.gethostname().split(".")[0]
        self.env = {**os.environ, "SLURM_CONF": str(self.folder / "slurm.conf")}
        self._daemons = []

    def start(self):
        for name in ("state", "spool"):
            (self.folder / name).mkdir()
        text = CONFIGURATION.format(folder=self.folder, host=self.host, user=getpass.getuser(), ports=free_ports(2))
        (self.folder / "slurm.conf").write_text(text, encoding="utf-8")
        self._start_munge()
        self._start("slurmctld", "-D", "-i")
        wait_until(lambda: self._answers("scontrol", "ping"), "slurmctld")
        self._start("slurmd", "-D", "-N", self.host)
        wait_until(lambda: "State=IDLE" in self.ask("scontrol", "show", "node", self.host), "slurmd")

    def stop(self):
        """The node first, then who rules it."""
        self._quietly("scancel", "--me")
        for daemon in reversed(self._daemons):
            daemon.terminate()
            try:
                daemon.wait(timeout=20)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()

    def ask(self, name, *arguments, cwd=None, env=None):
        """What a program of Slurm says."""
        process = subprocess.run([program(name), *map(str, arguments)], env={**self.env, **(env or {})}, cwd=cwd, capture_output=True, text=True,
                                 timeout=SECONDS, check=False)
        if process.returncode != 0:
            raise AssertionError(f"{name} {' '.join(map(str, arguments))}: {process.stderr}{self.logs()}")
        return process.stdout

    def submit(self, *arguments, cwd, env=None):
        """Number of the job."""
        return self.ask("sbatch", "--parsable", *arguments, cwd=cwd, env=env).strip()

    def tasks(self, job):
        """{number in the array: its facts} as scontrol shows them."""
        records = [dict(re.findall(r"(\w+)=(\S*)", block)) for block in self.ask("scontrol", "show", "job", job).split("\n\n") if block.strip()]
        return {int(record["ArrayTaskId"]): record for record in records if record.get("ArrayTaskId", "").isdigit()}

    def wait_for_end(self, job, count, seconds=SECONDS):
        """The tasks when all have ended."""
        ended = {"COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL"}

        def look():
            tasks = self.tasks(job)
            return tasks if len(tasks) == count and all(task["JobState"] in ended for task in tasks.values()) else None

        return wait_until(look, f"job {job}", seconds)

    def logs(self):
        return "".join(f"\n--- {path.name}\n{path.read_text(errors='replace')[-3000:]}" for path in sorted(self.folder.glob("*.log")))

    def _start_munge(self):
        key = self.folder / "munge.key"
        key.write_bytes(secrets.token_bytes(128))
        key.chmod(0o400)
        # --force: the folder of a test is as safe as the test, whatever munge thinks of /tmp.
        self._start("munged", "--foreground", "--force", f"--key-file={key}", f"--socket={self.folder}/munge.socket",
                    f"--pid-file={self.folder}/munged.pid", f"--seed-file={self.folder}/munged.seed", f"--log-file={self.folder}/munged.log",
                    "--num-threads=2")
        wait_until((self.folder / "munge.socket").exists, "munged")

    def _start(self, name, *arguments):
        with open(self.folder / f"{name}.out.log", "wb") as log:
            self._daemons.append(subprocess.Popen([program(name), *arguments], env=self.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log))

    def _answers(self, *words):
        try:
            return "is UP" in self.ask(*words)
        except AssertionError:
            return False

    def _quietly(self, *words):
        with contextlib.suppress(AssertionError, subprocess.TimeoutExpired):
            self.ask(*words)


@contextlib.contextmanager
def running():
    """A cluster that is ready for jobs. Its folder is a short one: a socket's path has at most 107 characters."""
    with tempfile.TemporaryDirectory(prefix="slurm-", ignore_cleanup_errors=True) as folder:
        cluster = Cluster(folder)
        try:
            cluster.start()
            yield cluster
        except BaseException:
            print(cluster.logs())
            raise
        finally:
            cluster.stop()
