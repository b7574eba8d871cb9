//! The files below a folder, by name.

use std::fs;
use std::path::{Path, PathBuf};

use super::folder::{FolderError, shown, system};
use super::left;

/// The most files and folders below a folder that is read: no run writes a tenth of them.
pub const MOST_NAMES: usize = 100_000;

/// All files below a folder by their names, with `/` between folders, in ascending order. Links are not followed; they and
/// devices have no path.
///
/// # Errors
/// When there are more than [`MOST_NAMES`], or what the system says.
pub fn paths_below(folder: &Path) -> Result<Vec<(String, Option<PathBuf>)>, FolderError> {
    at_most_below(folder, MOST_NAMES)
}

fn at_most_below(folder: &Path, most: usize) -> Result<Vec<(String, Option<PathBuf>)>, FolderError> {
    let (mut found, mut names) = (Vec::new(), 0);
    let mut open = vec![(folder.to_owned(), String::new())];
    while let Some((path, prefix)) = open.pop() {
        for entry in fs::read_dir(&path)
            .map_err(|error| FolderError::NoFolder(shown(&path), error, left::told(&path)))?
        {
            let entry = entry.map_err(system(&path))?;
            names += 1;
            if names > most {
                return Err(FolderError::Crowded(shown(folder)));
            }
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            let kind = entry.file_type().map_err(system(&entry.path()))?;
            if kind.is_dir() {
                open.push((entry.path(), format!("{name}/")));
            } else if kind.is_file() {
                found.push((name, Some(entry.path())));
            } else {
                // A link or a device is never what a run wrote.
                found.push((name, None));
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crowded_folder_is_not_read() {
        let place = tempfile::tempdir().unwrap();
        fs::create_dir_all(place.path().join("a/b/c")).unwrap();
        fs::write(place.path().join("a/file"), b"").unwrap();
        assert_eq!(at_most_below(place.path(), 4).unwrap().len(), 1);
        assert!(matches!(at_most_below(place.path(), 3), Err(FolderError::Crowded(_))));
    }
}
