//! What the machine has free: memory, by what Linux tells of the machine, of the group of processes, and of this one.
//!
//! Elsewhere nothing is known, and nothing is refused for it.

use std::fs::read_to_string;

/// Where a file of the system is read from.
type Read<'r> = &'r dyn Fn(&str) -> Option<String>;

/// Bytes of memory that this process may still take, if that is known.
pub(super) fn free_memory() -> Option<u64> {
    free(&|path| read_to_string(path).ok())
}

/// Bytes of memory that this process holds, if that is known.
pub(super) fn held_memory() -> Option<u64> {
    kilobytes(&read_to_string("/proc/self/status").ok()?, "VmRSS:")
}

fn free(read: Read<'_>) -> Option<u64> {
    let machine = kilobytes(&read("/proc/meminfo")?, "MemAvailable:");
    [machine, of_group(read), of_process(read)].into_iter().flatten().min()
}

/// A line such as `MemAvailable:   123 kB`.
fn kilobytes(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? << 10)
}

/// What the limits on the size of this process leave (`ulimit -v`).
fn of_process(read: Read<'_>) -> Option<u64> {
    let limits = read("/proc/self/limits")?;
    let line = limits.lines().find(|line| line.starts_with("Max address space"))?;
    let most: u64 = line.split_whitespace().nth(3)?.parse().ok()?;
    Some(most.saturating_sub(kilobytes(&read("/proc/self/status")?, "VmSize:")?))
}

/// What the tightest control group around this process leaves: version 2, or the memory controller of version 1.
fn of_group(read: Read<'_>) -> Option<u64> {
    let groups = read("/proc/self/cgroup")?;
    groups.lines().filter_map(|line| of_line(line, read)).min()
}

fn of_line(line: &str, read: Read<'_>) -> Option<u64> {
    let mut parts = line.splitn(3, ':').skip(1);
    let (controllers, path) = (parts.next()?, parts.next()?);
    let [root, most, used, idle] = match controllers {
        "" => ["/sys/fs/cgroup", "memory.max", "memory.current", "inactive_file"],
        "memory" => {
            ["/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"]
        }
        _ => return None,
    };
    let left = |group: &str| {
        let number = |name: &str| read(&format!("{root}{group}/{name}"))?.trim().parse::<u64>().ok();
        let (most, used) = (number(most)?, number(used)?);
        let stat = read(&format!("{root}{group}/memory.stat")).unwrap_or_default();
        let named = stat.lines().find_map(|line| line.strip_prefix(idle)?.trim().parse::<u64>().ok());
        // What is read from files and used no more is given back when memory is wanted.
        Some(most.saturating_sub(used.saturating_sub(named.unwrap_or(0))))
    };
    let path = path.trim_end_matches('/');
    let ends = path.match_indices('/').map(|(end, _)| end).chain([path.len()]);
    ends.filter_map(|end| left(&path[..end])).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MACHINE: &str = "MemTotal: 2000 kB\nMemAvailable:    1000 kB\n";

    fn free_of(files: &[(&str, &str)]) -> Option<u64> {
        free(&|path| files.iter().find(|(name, _)| *name == path).map(|(_, text)| (*text).to_owned()))
    }

    #[test]
    fn the_tightest_limit_counts() {
        assert_eq!(free_of(&[]), None);
        assert_eq!(free_of(&[("/proc/meminfo", MACHINE)]), Some(1000 << 10));
        let second = [
            ("/proc/meminfo", MACHINE),
            ("/proc/self/cgroup", "0::/a/b\n"),
            ("/sys/fs/cgroup/a/memory.max", "700000\n"),
            ("/sys/fs/cgroup/a/memory.current", "300000\n"),
            ("/sys/fs/cgroup/a/memory.stat", "anon 1\ninactive_file 100000\n"),
            ("/sys/fs/cgroup/a/b/memory.max", "max\n"),
            ("/sys/fs/cgroup/a/b/memory.current", "1\n"),
        ];
        assert_eq!(free_of(&second), Some(500_000));
        let first = [
            ("/proc/meminfo", MACHINE),
            ("/proc/self/cgroup", "5:cpu:/x\n4:memory:/\n"),
            ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "400000\n"),
            ("/sys/fs/cgroup/memory/memory.usage_in_bytes", "100000\n"),
        ];
        assert_eq!(free_of(&first), Some(300_000));
        let process = [
            ("/proc/meminfo", MACHINE),
            (
                "/proc/self/limits",
                "Max address space         600000               unlimited            bytes\n",
            ),
            ("/proc/self/status", "VmSize:\t 100 kB\n"),
        ];
        assert_eq!(free_of(&process), Some(600_000 - 102_400));
    }
}
