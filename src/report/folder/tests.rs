//! What stands under a name before, while and after something else is put there.

use super::*;

#[test]
fn a_folder_is_replaced_only_if_empty_or_with_a_passport() {
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("deep/out");
    for round in ["first", "second"] {
        let folder = Folder::prepare(&target, None).unwrap();
        folder.write("a/b.txt", round.as_bytes()).unwrap();
        folder.write(passport::NAME, b"{}").unwrap();
        folder.write(round, b"").unwrap();
        folder.commit().unwrap();
    }
    let names: Vec<_> = paths_below(place.path()).unwrap().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["deep/out/a/b.txt", "deep/out/passport.json", "deep/out/second"]);
    fs::remove_file(target.join(passport::NAME)).unwrap();
    assert!(matches!(Folder::prepare(&target, None), Err(FolderError::Foreign(..))));
}

#[test]
fn a_folder_that_is_called_old_is_left_alone() {
    let place = tempfile::tempdir().unwrap();
    let (target, other) = (place.path().join("out"), place.path().join(".out.old"));
    fs::create_dir(&other).unwrap();
    for _ in 0..2 {
        let folder = Folder::prepare(&target, None).unwrap();
        folder.write(passport::NAME, b"{}").unwrap();
        folder.commit().unwrap();
    }
    assert!(other.exists());
}

/// Puts a folder in place that holds a passport and `name`.
fn put(target: &Path, name: &str) {
    let folder = Folder::prepare(target, None).unwrap();
    folder.write(name, b"").unwrap();
    folder.write(passport::NAME, b"{}").unwrap();
    folder.commit().unwrap();
}

/// What a process leaves that is killed between the two renames.
fn kill_between(target: &Path, number: u32) {
    put(target, "old");
    let place = target.parent().unwrap();
    let staging = place.join(format!(".{}.udfald-{number}", target.file_name().unwrap().display()));
    fs::rename(target, left::old(&staging)).unwrap();
    put(&staging, "new");
}

#[test]
fn results_that_were_being_replaced_stay_until_they_are() {
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("out");
    // The second as in a container, where every process has the same number.
    for number in [7, std::process::id()] {
        kill_between(&target, number);
        let said = paths_below(&target).unwrap_err().to_string();
        assert!(said.contains(&format!(".out.udfald-{number}")), "{said}");
        let left: Vec<_> = paths_below(place.path()).unwrap();
        drop(Folder::prepare(&target, None).unwrap());
        assert_eq!(paths_below(place.path()).unwrap(), left, "a run that is refused changes nothing");
        put(&target, "newer");
        assert!(target.join("newer").is_file() && !target.join("old").exists());
        assert!(!place.path().join(format!(".out.udfald-{number}.old")).exists());
        fs::remove_dir_all(&target).unwrap();
    }
}

#[cfg(unix)]
#[test]
fn a_link_is_followed_also_to_what_was_being_replaced() {
    let place = tempfile::tempdir().unwrap();
    let (link, real) = (place.path().join("link"), place.path().join("real"));
    std::os::unix::fs::symlink("real", &link).unwrap();
    put(&link, "first");
    assert!(real.join("first").is_file());
    fs::remove_dir_all(&real).unwrap();
    kill_between(&real, 7);
    let said = paths_below(&link).unwrap_err().to_string();
    assert!(said.contains(".real.udfald-7"), "{said}");
    put(&link, "newer");
    assert!(real.join("newer").is_file() && fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(!place.path().join(".real.udfald-7.old").exists());
    let circle = place.path().join("circle");
    std::os::unix::fs::symlink("circle", &circle).unwrap();
    assert!(matches!(Folder::prepare(&circle, None), Err(FolderError::System(..))));
}

/// Root may remove anything, so that this fails only for others.
#[cfg(unix)]
#[test]
fn old_results_that_cannot_be_removed_do_not_fail_a_run() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("out");
    put(&target, "kept/old");
    fs::set_permissions(target.join("kept"), fs::Permissions::from_mode(0o500)).unwrap();
    put(&target, "new");
    assert!(target.join("new").is_file());
    let old = left::old(&staging(&target).unwrap());
    let _ = fs::set_permissions(old.join("kept"), fs::Permissions::from_mode(0o700));
}

#[test]
fn an_abandoned_folder_leaves_nothing() {
    let place = tempfile::tempdir().unwrap();
    let folder = Folder::prepare(&place.path().join("x/y"), None).unwrap();
    folder.write("a", b"1").unwrap();
    drop(folder);
    drop(File::prepare(&place.path().join("part"), b"").unwrap());
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
}

#[test]
fn a_file_is_replaced_only_if_it_begins_like_a_part() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("file");
    for (text, replaced) in [("", true), ("{\"format\":1}", true), ("udfald = 1", false)] {
        fs::write(&file, text).unwrap();
        assert_eq!(File::prepare(&file, b"{\"format\":").is_ok(), replaced, "{text}");
    }
}

#[test]
fn a_new_file_replaces_nothing() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("deep/file");
    File::prepare_new(&file).unwrap().commit(b"new").unwrap();
    assert!(matches!(File::prepare_new(&file), Err(FolderError::Exists(_))));
    assert!(matches!(File::prepare_new(place.path()), Err(FolderError::Exists(_))));
    assert_eq!(fs::read(&file).unwrap(), b"new");
    assert_eq!(paths_below(place.path()).unwrap().len(), 1);
}

#[test]
fn paths_below_a_file_and_the_folder_of_the_scenario_are_refused() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("file");
    fs::write(&file, b"x").unwrap();
    assert!(matches!(Folder::prepare(&file.join("out"), None), Err(FolderError::BelowFile(..))));
    assert!(matches!(File::prepare(&file.join("a/part"), b""), Err(FolderError::BelowFile(..))));
    assert!(matches!(Folder::prepare(&file, None), Err(FolderError::IsFile(_))));
    assert!(matches!(File::prepare(place.path(), b""), Err(FolderError::NotFile(_))));
    for nameless in [Path::new(""), &place.path().join("none/..")] {
        assert!(matches!(Folder::prepare(nameless, None), Err(FolderError::Nameless(_))));
    }
    fs::write(place.path().join(passport::NAME), b"{}").unwrap();
    assert!(matches!(Folder::prepare(place.path(), Some(&file)), Err(FolderError::HoldsScenario(_))));
}

#[test]
fn a_file_that_cannot_be_filled_is_named() {
    let place = tempfile::tempdir().unwrap();
    let mut folder = Folder::prepare(&place.path().join("out"), None).unwrap();
    let said = folder.stream("summary.csv", &mut |_| Err(io::Error::other("no room").into())).unwrap_err();
    assert!(said.to_string().ends_with("summary.csv` cannot be written: no room"), "{said}");
}
