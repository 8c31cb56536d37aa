"""What the console costs: memory and processor of its own processes, without the practice city."""

import psutil


def own_processes(excluded_pids: set[int]) -> list[psutil.Process]:
    """Return this process and its descendants, leaving out those below the excluded ones."""
    own = [psutil.Process()]
    for child in psutil.Process().children():
        if child.pid not in excluded_pids:
            own.append(child)
            own.extend(child.children(recursive=True))
    return own


def memory_mb(processes: list[psutil.Process]) -> float:
    """Return the summed proportional set size in megabytes; processes that ended count nothing."""
    total = 0
    for process in processes:
        try:
            total += process.memory_full_info().pss
        except psutil.Error:
            continue
    return round(total / 2**20, 1)


def cpu_seconds(processes: list[psutil.Process]) -> float:
    """Return the processor time used so far, in seconds."""
    total = 0.0
    for process in processes:
        try:
            times = process.cpu_times()
        except psutil.Error:
            continue
        total += times.user + times.system
    return total
