//! Which version made a folder, and which versions changed figures since.

use super::super::text::verify::Words;

/// A version that gives other figures than the one before, for the same scenario, seed and trials. Every entry of the change
/// log that is marked value-breaking stands here too.
struct Moved {
    version: &'static str,
    what: &'static str,
}

/// The first version of which is recorded what changed after it.
const FIRST: &str = "0.1.0";

/// In ascending order.
const MOVED: [Moved; 1] = [Moved {
    version: "0.1.0",
    what: "the most that a contract allows, under a limit of several payers where an amount of one can be below zero",
}];

/// What is to be said of a folder by another version, whether it is the `same` or not; nothing for one by this version.
#[must_use]
pub(super) fn told(theirs: &str, same: bool, words: Words) -> Option<String> {
    let ours = env!("CARGO_PKG_VERSION");
    let made = (theirs != ours).then(|| words.by_version(theirs, ours));
    if same { made } else { told_of(theirs, ours, &MOVED, words) }
}

fn told_of(theirs: &str, ours: &str, moved: &[Moved], words: Words) -> Option<String> {
    if theirs == ours {
        return None;
    }
    let made = words.by_version(theirs, ours);
    let run_that = words.run_that_version(theirs);
    let known = [theirs, ours, FIRST].map(numbers);
    let [Some(before), Some(now), Some(first)] = known else {
        return Some(format!("{made} {run_that}"));
    };
    if before > now {
        return Some(format!("{made} {} {run_that}", words.newer()));
    }
    if before < first {
        return Some(format!("{made} {} {run_that}", words.not_known(FIRST)));
    }
    let since = moved.iter().filter(|moved| numbers(moved.version).is_some_and(|version| version > before));
    let changes: Vec<_> = since.map(|moved| words.moved_in(moved.version, moved.what)).collect();
    Some(match changes.as_slice() {
        [] => format!("{made} {}", words.same_in_both()),
        _ => format!("{made} {} {run_that}", changes.join(" ")),
    })
}

/// The numbers of a version.
fn numbers(version: &str) -> Option<Vec<u64>> {
    version.split('.').map(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::text::Language;

    #[test]
    fn what_changed_between_two_versions_is_told() {
        let moved = [
            Moved { version: "0.2.0", what: "the rounding of shares" },
            Moved { version: "0.10.0", what: "counts above 1,000 people" },
        ];
        let told = |theirs: &str| told_of(theirs, "0.10.1", &moved, Language::En.verify());
        assert_eq!(told("0.10.1"), None);
        assert!(told("0.10.0").unwrap().ends_with("what differs is an edit or damage."));
        let two = told("0.1.0").unwrap();
        assert!(
            two.contains("Figures changed in 0.2.0: the rounding of shares. Figures changed in 0.10.0"),
            "{two}"
        );
        assert!(two.ends_with("To check it, run udfald 0.1.0."), "{two}");
        assert!(!told("0.2.0").unwrap().contains("the rounding"));
        assert!(told("0.0.9").unwrap().contains("What changed before 0.1.0 is not recorded"));
        assert!(told("1.0.0").unwrap().contains("newer"));
        assert!(told("old").unwrap().contains("run udfald old"));
    }

    /// The list has an entry for each version of the change log with a value-breaking entry.
    #[test]
    fn the_list_is_that_of_the_change_log() {
        let log = include_str!("../../../CHANGELOG.md");
        let breaking = |section: &&str| section.contains("**Value-breaking**:");
        let versions =
            log.split("\n## [").skip(1).filter(breaking).filter_map(|section| section.split(']').next());
        let mut versions: Vec<_> =
            versions.map(|version| version.replace("Unreleased", env!("CARGO_PKG_VERSION"))).collect();
        versions.reverse();
        assert_eq!(versions, MOVED.iter().map(|moved| moved.version).collect::<Vec<_>>());
    }
}
