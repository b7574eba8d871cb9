//! A progress bar for runs of more than a second, and Ctrl-C.

use std::io::{IsTerminal, stderr};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::engine::run::{Settings, Shard, Watch};

/// Shorter runs have no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// Watches a run: shows how far it is, and stops it when the user asks for that.
pub(super) struct Progress {
    trials: u64,
    done: AtomicU64,
    started: Instant,
    /// Nobody sees a bar in a file.
    seen: bool,
    bar: OnceLock<ProgressBar>,
    stopped: Arc<AtomicBool>,
}

impl Progress {
    /// Watches the trials of a shard from now on.
    pub(super) fn new(settings: Settings, shard: Shard) -> Self {
        Self::over(settings.trials / shard.of())
    }

    /// Watches so many trials from now on, over all runs of a study. The first watcher of a process is the one that
    /// Ctrl-C stops.
    pub(super) fn over(trials: u64) -> Self {
        let stopped = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&stopped);
        // Without a handler Ctrl-C ends the program at once; there is nothing to tidy up but the staging folder.
        let _ = ctrlc::set_handler(move || stop.store(true, Ordering::Relaxed));
        Self {
            trials,
            done: AtomicU64::new(0),
            started: Instant::now(),
            seen: stderr().is_terminal(),
            bar: OnceLock::new(),
            stopped,
        }
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }

    fn new_bar(&self) -> ProgressBar {
        let bar = ProgressBar::new(self.trials);
        let style = ProgressStyle::with_template("{bar:40} {percent:>3} % of {human_len} trials, {eta} left");
        if let Ok(style) = style {
            bar.set_style(style);
        }
        bar
    }
}

impl Watch for Progress {
    fn advance(&self, trials: u64) {
        let done = self.done.fetch_add(trials, Ordering::Relaxed) + trials;
        if self.seen && self.started.elapsed() > PATIENCE {
            self.bar.get_or_init(|| self.new_bar()).set_position(done);
        }
    }

    fn stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }
}
