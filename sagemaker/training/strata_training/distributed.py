"""Several processes that train one model: the instances of a SageMaker job, the GPUs of an instance, or both."""

import json
import os
import socket
import sys
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Mapping

import torch
from torch import distributed

from .errors import TrainingError

_PORT = "29500"

# One process may wait for another that decodes its photos.
_TIMEOUT = timedelta(minutes=30)


@dataclass(frozen=True)
class Processes:
    rank: int
    count: int
    local_rank: int
    on_this_instance: int
    device: torch.device

    @property
    def first(self) -> bool:
        """Whether this one writes files and lines."""
        return self.rank == 0


def relaunch_when_several(processes: int, environment: Mapping[str, str] = os.environ) -> None:
    """Replaces this process by torch's launcher where one instance is to run several; returns where it already did, or
    where one is enough.
    """
    if "LOCAL_RANK" in environment:
        return
    count = processes or torch.cuda.device_count() or 1
    if count == 1:
        return
    hosts, current = _hosts(environment)
    arguments = [
        "-m",
        "torch.distributed.run",
        f"--nnodes={len(hosts)}",
        f"--node-rank={hosts.index(current)}",
        f"--nproc-per-node={count}",
        f"--master-addr={_address(hosts, environment)}",
        f"--master-port={environment.get('MASTER_PORT', _PORT)}",
    ]
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, *arguments, *sys.argv])


def join(environment: Mapping[str, str] = os.environ) -> Processes:
    """Meets the other processes, if there are any.

    Raises `TrainingError` when they cannot be met.
    """
    hosts, current = _hosts(environment)
    rank, count = int(environment.get("RANK", hosts.index(current))), int(environment.get("WORLD_SIZE", len(hosts)))
    local_rank = int(environment.get("LOCAL_RANK", 0))
    device = _device(local_rank)
    if count > 1:
        address, port = (
            environment.get("MASTER_ADDR") or _address(hosts, environment),
            environment.get("MASTER_PORT", _PORT),
        )
        interface = environment.get("SM_NETWORK_INTERFACE_NAME")
        if interface and "LOCAL_RANK" not in environment and interface in (name for _, name in socket.if_nameindex()):
            os.environ.setdefault("GLOO_SOCKET_IFNAME", interface)
            os.environ.setdefault("NCCL_SOCKET_IFNAME", interface)
        backend = "nccl" if device.type == "cuda" else "gloo"
        try:
            distributed.init_process_group(
                backend, init_method=f"tcp://{address}:{port}", rank=rank, world_size=count, timeout=_TIMEOUT
            )
        except (RuntimeError, ValueError) as error:
            raise TrainingError(
                f"process {rank} of {count} could not meet the others at {address}:{port} over {backend}: {error}"
            ) from None
    return Processes(rank, count, local_rank, int(environment.get("LOCAL_WORLD_SIZE", 1)), device)


def leave(processes: Processes) -> None:
    if processes.count > 1 and distributed.is_initialized():
        distributed.destroy_process_group()


def same_everywhere(processes: Processes, what: str, value: Any) -> None:
    """Raises `TrainingError` in every process when `value` differs between them."""
    if processes.count == 1:
        return
    values: list[Any] = [None] * processes.count
    distributed.all_gather_object(values, value)
    if any(other != values[0] for other in values):
        raise TrainingError(
            f"the processes do not have the same {what}: each instance needs all photos (S3DataDistributionType "
            "FullyReplicated, not ShardedByS3Key)"
        )


def from_first(processes: Processes, value: Any) -> Any:
    if processes.count == 1:
        return value
    values = [value]
    distributed.broadcast_object_list(values, src=0)
    return values[0]


def add_up(processes: Processes, tensor: torch.Tensor) -> torch.Tensor:
    """The sum over all processes, on the CPU."""
    if processes.count == 1:
        return tensor.cpu()
    # float64 is not known to every accelerator; these are counts and sums.
    shared = tensor.to(processes.device if processes.device.type == "cuda" else "cpu")
    distributed.all_reduce(shared)
    return shared.cpu()


def _device(local_rank: int) -> torch.device:
    if torch.cuda.is_available():
        torch.cuda.set_device(local_rank)
        return torch.device("cuda", local_rank)
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def _hosts(environment: Mapping[str, str]) -> tuple[list[str], str]:
    text = environment.get("SM_HOSTS")
    if not text:
        return ["localhost"], "localhost"
    try:
        hosts = sorted(json.loads(text))
    except (json.JSONDecodeError, TypeError):
        raise TrainingError(f"SM_HOSTS is '{text}': must be a JSON array of host names") from None
    current = environment.get("SM_CURRENT_HOST") or (hosts[0] if len(hosts) == 1 else "")
    if current not in hosts:
        raise TrainingError(f"SM_CURRENT_HOST is '{current}': must be one of SM_HOSTS ({', '.join(hosts)})")
    # SageMaker numbers its hosts algo-1, algo-2, ..., algo-10.
    return sorted(hosts, key=lambda host: (len(host), host)), current


def _address(hosts: list[str], environment: Mapping[str, str]) -> str:
    return environment.get("MASTER_ADDR") or ("127.0.0.1" if len(hosts) == 1 else hosts[0])
