//! What a run left beside its target when it was killed while it put results in place: put back where that is safe, else told.
//!
//! A folder is replaced by two renames, and between them neither results stand under the name of the target. Old results lose
//! their passport before any other file, new ones get it last: a folder with a passport is whole, or was whole until somebody
//! changed it.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::passport;

/// How names of old results end while they are replaced.
const OLD: &str = ".old";

/// The name of a folder or file while it is written, beside its target: no other process uses it.
pub(super) fn staging(name: &str) -> String {
    format!("{}{}", beginning(name), std::process::id())
}

/// The name of what a staging folder takes the place of, while it does.
pub(super) fn old(staging: &Path) -> PathBuf {
    let mut name = staging.as_os_str().to_owned();
    name.push(OLD);
    PathBuf::from(name)
}

fn beginning(name: &str) -> String {
    format!(".{name}.udfald-")
}

/// Puts the results back that were being replaced, where there is nothing in their place.
pub(super) fn put_back(target: &Path) {
    if fs::symlink_metadata(target).is_err() {
        let newest = beside(target)
            .into_iter()
            .filter(|path| path.to_string_lossy().ends_with(OLD))
            .max_by_key(|path| written(path));
        // Whoever runs into this target at the same time may be faster; then there is nothing to put back.
        let _ = newest.map(|old| fs::rename(old, target));
    }
}

/// The end of a sentence that says what lies beside a target; empty where there is nothing.
#[must_use]
pub fn told(target: &Path) -> String {
    let newest = beside(target).into_iter().max_by_key(|path| written(path));
    newest.map_or_else(String::new, |path| {
        let path = path.display();
        format!(
            "; a run that was killed left `{path}` beside it: if `udfald verify` finds it whole, rename it"
        )
    })
}

/// When the passport of a folder was written.
fn written(folder: &Path) -> Option<SystemTime> {
    fs::metadata(folder.join(passport::NAME)).and_then(|data| data.modified()).ok()
}

/// Folders with a passport whose names a run into this target gives.
fn beside(target: &Path) -> Vec<PathBuf> {
    // `.` has a name, but does not say it.
    let found = target.file_name().is_none().then(|| fs::canonicalize(target).ok()).flatten();
    let target = found.as_deref().unwrap_or(target);
    let Some(name) = target.file_name() else { return Vec::new() };
    let beginning = beginning(&name.to_string_lossy());
    let above = target.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Ok(entries) = fs::read_dir(above) else { return Vec::new() };
    let is_left = |name: &str| {
        let number = name.strip_prefix(&beginning).map(|rest| rest.strip_suffix(OLD).unwrap_or(rest));
        number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let left = entries.flatten().filter(|entry| is_left(&entry.file_name().to_string_lossy()));
    left.map(|entry| entry.path()).filter(|path| path.join(passport::NAME).is_file()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(place: &Path, name: &str, file: &str) -> PathBuf {
        let folder = place.join(name);
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join(file), b"{}").unwrap();
        folder
    }

    #[test]
    fn old_results_are_put_back_where_nothing_is() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("out");
        for (name, file) in [
            // Not whole, new, of another target, and no name that a run gives.
            (".out.udfald-1.old", "summary.csv"),
            (".out.udfald-2", passport::NAME),
            (".outer.udfald-3.old", passport::NAME),
            (".out.udfald-x.old", passport::NAME),
        ] {
            left(place.path(), name, file);
            put_back(&target);
            assert!(!target.exists(), "{name}");
        }
        left(place.path(), ".out.udfald-4.old", passport::NAME);
        put_back(&target);
        assert!(target.join(passport::NAME).is_file() && !place.path().join(".out.udfald-4.old").exists());
        let other = left(place.path(), ".out.udfald-5.old", passport::NAME);
        put_back(&target);
        assert!(other.exists(), "what is there is not replaced");
    }

    #[test]
    fn what_is_left_is_told() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("out");
        left(place.path(), ".out.udfald-6", "summary.csv");
        assert_eq!(told(&target), "");
        left(place.path(), ".out.udfald-7", passport::NAME);
        assert!(told(&target).contains(".out.udfald-7` beside it"), "{}", told(&target));
    }
}
