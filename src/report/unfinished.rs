//! What a run or a sweep that was cut short has done so far: pieces in a folder beside its target, each written whole or not.
//!
//! The folder bears the name of the target and `.unfinished`. A piece is written under another name, flushed to the disk and
//! renamed, and ends in a checksum of what is before it: a piece that was cut short or changed is told from a whole one.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::folder::FolderError;

/// How names of pieces end.
const ENDING: &str = ".piece";

/// The pieces beside a target.
#[derive(Clone, Debug)]
pub struct Unfinished {
    folder: PathBuf,
}

impl Unfinished {
    /// The pieces of a target, whether there are any or not.
    ///
    /// # Errors
    /// When the target has no name.
    pub fn beside(target: &Path) -> Result<Self, FolderError> {
        let nameless = || FolderError::Nameless(target.display().to_string());
        // `.` has a name, but does not say it.
        let found = target.file_name().is_none().then(|| fs::canonicalize(target).ok()).flatten();
        let target = found.as_deref().unwrap_or(target);
        let mut name = target.file_name().ok_or_else(nameless)?.to_owned();
        name.push(".unfinished");
        Ok(Self { folder: target.with_file_name(name) })
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.folder
    }

    /// Pieces that stand apart within the folder.
    #[must_use]
    pub fn within(&self, name: &str) -> Self {
        Self { folder: self.folder.join(name) }
    }

    /// Whether there is a folder.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.folder.exists()
    }

    /// All pieces by name, in order; none where there is no folder.
    ///
    /// # Errors
    /// What the system says.
    pub fn pieces(&self) -> Result<Vec<(String, Vec<u8>)>, FolderError> {
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(|error| self.system(error))?,
        };
        let mut pieces = Vec::new();
        for entry in entries {
            let path = entry.map_err(|error| self.system(error))?.path();
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if name.ends_with(ENDING) {
                pieces.push((name, fs::read(&path).map_err(|error| self.system(error))?));
            }
        }
        pieces.sort();
        Ok(pieces)
    }

    /// Writes a piece; one of the same name is replaced.
    ///
    /// # Errors
    /// What the system says; a piece of that name is then as it was.
    pub fn save(&self, name: &str, bytes: &[u8]) -> Result<(), FolderError> {
        self.write(name, bytes).map_err(|error| self.system(error))
    }

    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let staging = self.folder.join(format!(".{name}.{}", std::process::id()));
        let written = (|| {
            let mut file = fs::File::create(&staging)?;
            file.write_all(bytes)?;
            // A machine that loses power keeps what it has done.
            file.sync_all()?;
            fs::rename(&staging, self.folder.join(format!("{name}{ENDING}")))
        })();
        if written.is_err() {
            let _ = fs::remove_file(&staging);
        }
        written
    }

    /// Removes the folder, with what is left of pieces that were never whole.
    ///
    /// # Errors
    /// What the system says.
    pub fn remove(&self) -> Result<(), FolderError> {
        match fs::remove_dir_all(&self.folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(self.system(error)),
            _ => Ok(()),
        }
    }

    fn system(&self, error: io::Error) -> FolderError {
        FolderError::System(self.folder.display().to_string(), error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_written_read_and_removed() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("results");
        let unfinished = Unfinished::beside(&target).unwrap();
        assert!(!unfinished.exists() && unfinished.pieces().unwrap().is_empty());
        unfinished.save("2", b"two").unwrap();
        unfinished.save("1", b"one").unwrap();
        unfinished.save("2", b"more").unwrap();
        // What a killed process was writing is no piece.
        fs::write(unfinished.path().join(".3.77"), b"thr").unwrap();
        let pieces = unfinished.pieces().unwrap();
        let expected = [("1.piece", b"one".to_vec()), ("2.piece", b"more".to_vec())];
        assert_eq!(pieces, expected.map(|(name, bytes)| (name.to_owned(), bytes)));
        unfinished.remove().unwrap();
        assert!(!place.path().join("results.unfinished").exists());
        unfinished.remove().unwrap();
    }
}
