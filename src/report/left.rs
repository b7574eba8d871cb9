//! What a run left beside its target when it was killed while it put results in place: put back where that is safe, else told.
//!
//! A folder is replaced by two renames, and between them neither results stand under the name of the target: then, and only then,
//! both lie beside it. Old results lose their passport before any other file, new ones get it last: a folder with a passport is
//! whole, or was whole until somebody changed it.

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

/// Whether old and new results of one process lie here whole, so that it was killed between the two renames. Old ones without the
/// new were replaced, and are of no use.
fn is_pair(staging: &Path) -> bool {
    let has_passport = |folder: &Path| folder.join(passport::NAME).is_file();
    has_passport(staging) && has_passport(&old(staging))
}

/// A staging folder, under another name where a killed process of the same number left a pair: in a container all have the same.
pub(super) fn unpaired(mut staging: PathBuf) -> PathBuf {
    while is_pair(&staging) {
        // No process has a number this long.
        staging.as_mut_os_string().push("0000000000");
    }
    staging
}

/// Where a path leads in the end, whether anything is there or not: beside that folder results are put in place.
pub(super) fn followed(target: &Path) -> PathBuf {
    // As many links as Linux follows; without `/` at the end, behind which no link is seen.
    const MOST_LINKS: usize = 40;
    let mut path: PathBuf = target.components().collect();
    for _ in 0..MOST_LINKS {
        let Ok(link) = fs::read_link(&path) else { break };
        path = path.parent().unwrap_or(Path::new("")).join(link).components().collect();
    }
    // `.` has a name, but does not say it.
    let found = path.file_name().is_none().then(|| fs::canonicalize(&path).ok()).flatten();
    found.unwrap_or(path)
}

fn beginning(name: &str) -> String {
    format!(".{name}.udfald-")
}

/// Puts the results back that were being replaced, where there is nothing in their place. Links in the target must be followed.
pub(super) fn put_back(target: &Path) {
    if fs::symlink_metadata(target).is_err() {
        let pairs = beside(target).into_iter().filter(|path| is_pair(path));
        let newest = pairs.map(|staging| old(&staging)).max_by_key(|path| written(path));
        // Whoever runs into this target at the same time may be faster; then there is nothing to put back.
        let _ = newest.map(|old| fs::rename(old, target));
    }
}

/// The end of a sentence that says what lies beside a target; empty where there is nothing.
#[must_use]
pub fn told(target: &Path) -> String {
    let target = followed(target);
    let newest = beside(&target).into_iter().max_by_key(|path| written(path));
    newest.map_or_else(String::new, |path| {
        let (path, name) = (path.display(), target.display());
        // `mv` moves into a folder that is there.
        let is_there = fs::symlink_metadata(&target).is_ok();
        let first = if is_there { format!("delete `{name}` first, then ") } else { String::new() };
        format!(
            "; a run that was killed left `{path}` beside it: if `udfald verify` finds it whole, {first}rename it to `{name}`"
        )
    })
}

/// When the passport of a folder was written.
fn written(folder: &Path) -> Option<SystemTime> {
    fs::metadata(folder.join(passport::NAME)).and_then(|data| data.modified()).ok()
}

/// New results that a run into this target has not put in place, when links in it are followed.
fn beside(target: &Path) -> Vec<PathBuf> {
    let Some(name) = target.file_name() else { return Vec::new() };
    let beginning = beginning(&name.to_string_lossy());
    let above = target.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Ok(entries) = fs::read_dir(above) else { return Vec::new() };
    let is_left = |name: &str| {
        let number = name.strip_prefix(&beginning);
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
            // Not whole, replaced, new, of another target, and no name that a run gives.
            (".out.udfald-1.old", "summary.csv"),
            (".out.udfald-8.old", passport::NAME),
            (".out.udfald-2", passport::NAME),
            (".outer.udfald-3.old", passport::NAME),
            (".outer.udfald-3", passport::NAME),
            (".out.udfald-x.old", passport::NAME),
            (".out.udfald-x", passport::NAME),
        ] {
            left(place.path(), name, file);
            put_back(&target);
            assert!(!target.exists(), "{name}");
        }
        left(place.path(), ".out.udfald-4.old", passport::NAME);
        left(place.path(), ".out.udfald-4", passport::NAME);
        put_back(&target);
        assert!(target.join(passport::NAME).is_file() && !place.path().join(".out.udfald-4.old").exists());
        let other = left(place.path(), ".out.udfald-5.old", passport::NAME);
        left(place.path(), ".out.udfald-5", passport::NAME);
        put_back(&target);
        assert!(other.exists(), "what is there is not replaced");
    }

    #[test]
    fn a_pair_of_the_same_number_is_left_alone() {
        let place = tempfile::tempdir().unwrap();
        let staging = place.path().join(staging("out"));
        assert_eq!(unpaired(staging.clone()), staging);
        for path in [&staging, &old(&staging)] {
            left(place.path(), &path.file_name().unwrap().to_string_lossy(), passport::NAME);
        }
        let another = unpaired(staging.clone());
        assert_ne!(another, staging);
        fs::create_dir(&another).unwrap();
        fs::write(another.join(passport::NAME), b"{}").unwrap();
        assert_eq!(beside(&place.path().join("out")).len(), 2);
    }

    #[test]
    fn what_is_left_is_told() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("out");
        left(place.path(), ".out.udfald-6", "summary.csv");
        // Replaced by others that were there and are not any more.
        left(place.path(), ".out.udfald-5.old", passport::NAME);
        assert_eq!(told(&target), "");
        left(place.path(), ".out.udfald-7", passport::NAME);
        let said = told(&target);
        assert!(
            said.contains(".out.udfald-7` beside it") && said.contains("whole, rename it to `"),
            "{said}"
        );
        fs::create_dir(&target).unwrap();
        let said = told(&target);
        assert!(said.contains(&format!("delete `{}` first", target.display())), "{said}");
    }

    #[cfg(unix)]
    #[test]
    fn what_is_left_is_told_beside_the_folder_that_a_link_leads_to() {
        let place = tempfile::tempdir().unwrap();
        let (first, second) = (place.path().join("first"), place.path().join("second"));
        std::os::unix::fs::symlink("second", &first).unwrap();
        std::os::unix::fs::symlink("deep/out", &second).unwrap();
        fs::create_dir(place.path().join("deep")).unwrap();
        left(&place.path().join("deep"), ".out.udfald-9", passport::NAME);
        for typed in [first.clone(), first.join("")] {
            assert!(told(&typed).contains("deep/.out.udfald-9` beside it"), "{}", told(&typed));
        }
    }
}
