//! What runs of real size measure: processor time, memory, bytes on disk.

use std::path::Path;

/// Processor seconds of this process so far (Linux; elsewhere 0).
#[allow(dead_code)]
pub(crate) fn processor_seconds() -> f64 {
    let Ok(stat) = std::fs::read_to_string("/proc/self/stat") else { return 0.0 };
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0);
    // User and system time, in hundredths of a second.
    (ticks(11) + ticks(12)) / 100.0
}

/// The most memory this process has had, in megabytes, and how much of it is its own now and not files that are
/// mapped (Linux; elsewhere 0).
#[allow(dead_code)]
pub(crate) fn memory() -> (f64, f64) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let of = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        line.split_whitespace().next().and_then(|kilobytes| kilobytes.parse::<f64>().ok()).unwrap_or(0.0)
            / 1000.0
    };
    (of("VmHWM:"), of("RssAnon:"))
}

/// The bytes below a folder, and those of the stored text among them.
#[allow(dead_code)]
pub(crate) fn size(folder: &Path) -> (u64, u64) {
    let (mut all, mut stored) = (0, 0);
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            let inside = size(&path);
            all += inside.0;
            stored += inside.1;
        } else {
            let bytes = path.metadata().map_or(0, |about| about.len());
            all += bytes;
            stored += if path.extension().is_some_and(|ending| ending == "store") { bytes } else { 0 };
        }
    }
    (all, stored)
}

/// The same numbers for the same seed, on every machine.
#[allow(dead_code)]
pub(crate) struct Die(pub(crate) u64);

#[allow(dead_code)]
impl Die {
    /// A number below `sides`.
    pub(crate) fn throw(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % sides.max(1)
    }
}
