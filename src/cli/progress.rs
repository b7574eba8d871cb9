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
    trials: AtomicU64,
    done: AtomicU64,
    started: Instant,
    /// Nobody sees a bar in a file.
    seen: bool,
    bar: OnceLock<ProgressBar>,
    stopped: Arc<AtomicBool>,
    every: Option<Duration>,
    /// Whether a run is interrupted to keep what is done.
    pauses: bool,
    /// When to pause next, in milliseconds from the start.
    next: AtomicU64,
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
            trials: AtomicU64::new(trials),
            done: AtomicU64::new(0),
            started: Instant::now(),
            seen: stderr().is_terminal(),
            bar: OnceLock::new(),
            stopped,
            every: None,
            pauses: false,
            next: AtomicU64::new(u64::MAX),
        }
    }

    /// Pauses every so often, so that what is done can be kept.
    pub(super) fn keeping(self, every: Option<Duration>) -> Self {
        let next = every.map_or(u64::MAX, |every| every.as_millis() as u64);
        Self { every, pauses: every.is_some(), next: AtomicU64::new(next), ..self }
    }

    /// Keeps what is done, but only between runs, after so long.
    pub(super) fn between(self, every: Duration) -> Self {
        Self { every: Some(every), ..self }
    }

    /// Watches so many trials in all from now on.
    pub(super) fn until(&self, trials: u64) {
        self.trials.store(trials, Ordering::Relaxed);
        if let Some(bar) = self.bar.get() {
            bar.set_length(trials);
        }
    }

    /// Whether it has taken so long that what is done is kept.
    pub(super) fn keeps(&self) -> bool {
        self.every.is_some_and(|every| self.started.elapsed() >= every)
    }

    /// What is done has been kept; the next pause is some time away.
    pub(super) fn kept(&self) {
        if let Some(every) = self.every {
            let next = self.started.elapsed() + every;
            self.next.store(next.as_millis() as u64, Ordering::Relaxed);
        }
    }

    /// Whether the user asked to stop.
    pub(super) fn interrupted(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }

    fn new_bar(&self) -> ProgressBar {
        let bar = ProgressBar::new(self.trials.load(Ordering::Relaxed));
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
        self.interrupted() && !(self.pauses && self.keeps())
    }

    fn paused(&self) -> bool {
        let due = || self.started.elapsed().as_millis() as u64 >= self.next.load(Ordering::Relaxed);
        self.pauses && (self.interrupted() || due())
    }
}
