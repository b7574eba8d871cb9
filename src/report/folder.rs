//! Writing so that either everything is there or nothing is: a staging place beside the target, then a rename.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::below::{MOST_NAMES, paths_below};
use super::outputs::{Fill, Take};
use super::{ReportError, left, passport};

/// Why nothing was written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FolderError {
    /// Something above the target is a file.
    #[error("`{0}` cannot be written: `{1}` is a file, not a folder; choose another path")]
    BelowFile(String, String),
    /// The target folder holds something else.
    #[error(
        "`{0}` is neither empty nor a results folder (it has no passport.json); choose another folder or empty it{1}"
    )]
    Foreign(String, String),
    /// The target folder is a file.
    #[error("`{0}` is a file; name a folder that does not exist, is empty, or holds results")]
    IsFile(String),
    /// The target file is a folder or a device.
    #[error("`{0}` is not a regular file; name a file")]
    NotFile(String),
    /// The target file holds something else than what such a command writes.
    #[error("`{0}` holds something else than this command writes; choose another file, or delete it first")]
    ForeignFile(String),
    /// A new file would take the place of another.
    #[error("`{0}` exists and is left as it is; name another file")]
    Exists(String),
    /// There is no folder to read.
    #[error("`{0}` is no results folder: {1}{2}")]
    NoFolder(String, io::Error, String),
    /// The scenario lies in the folder that would be replaced.
    #[error("`{0}` holds the scenario that is run and would be replaced; choose another folder")]
    HoldsScenario(String),
    /// A path such as `none/..`.
    #[error("`{0}` names neither a file nor a folder that could be made")]
    Nameless(String),
    /// More than [`MOST_NAMES`] below it.
    #[error("`{0}` is no results folder: it holds more than {MOST_NAMES} files and folders")]
    Crowded(String),
    /// Anything else.
    #[error("`{0}` cannot be written: {1}")]
    System(String, io::Error),
}

pub(super) fn shown(path: &Path) -> String {
    path.display().to_string()
}

pub(super) fn system(path: &Path) -> impl FnOnce(io::Error) -> FolderError {
    let path = shown(path);
    move |error| FolderError::System(path, error)
}

/// The nearest folder above a path that exists.
fn nearest_folder(path: &Path) -> Result<PathBuf, FolderError> {
    for above in path.ancestors().skip(1) {
        let above = if above.as_os_str().is_empty() { Path::new(".") } else { above };
        // Metadata of a path below a file fails like that of one that does not exist; so climb until one exists.
        if let Ok(data) = fs::metadata(above) {
            return if data.is_dir() {
                Ok(above.to_owned())
            } else {
                Err(FolderError::BelowFile(shown(path), shown(above)))
            };
        }
    }
    Ok(PathBuf::from("."))
}

/// A name that no other process uses, in the nearest folder above the target: on the same disk, so that it can be renamed.
fn staging(target: &Path) -> Result<PathBuf, FolderError> {
    let name = target.file_name().ok_or_else(|| FolderError::Nameless(shown(target)))?;
    Ok(nearest_folder(target)?.join(left::staging(&name.to_string_lossy())))
}

/// A folder that will be replaced as a whole.
#[derive(Debug)]
#[must_use = "nothing is written before `commit`"]
pub struct Folder {
    target: PathBuf,
    staging: PathBuf,
}

impl Folder {
    /// Checks a target before anything is simulated, and makes a staging folder for it.
    ///
    /// # Errors
    /// Unless the target does not exist, is empty, or holds a passport; when it cannot be written; when it holds one of
    /// the files `kept`.
    pub fn prepare(target: &Path, kept: Option<&Path>) -> Result<Self, FolderError> {
        let target = checked_folder(target)?;
        let holds = |kept: &Path| {
            let found = fs::canonicalize(kept).ok().zip(fs::canonicalize(&target).ok());
            found.is_some_and(|(kept, target)| kept.starts_with(target))
        };
        if kept.is_some_and(holds) {
            return Err(FolderError::HoldsScenario(shown(&target)));
        }
        let staging = left::unpaired(staging(&target)?);
        // A process of the same number may have been killed here.
        let _ = fs::remove_dir_all(&staging);
        fs::create_dir(&staging).map_err(system(&target))?;
        Ok(Self { target, staging })
    }

    /// Writes a file, by its name with `/` between folders, into the staging folder.
    ///
    /// # Errors
    /// What the system says.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), FolderError> {
        let path = self.staging.join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(system(folder))?;
        }
        fs::write(&path, bytes).map_err(system(&self.target.join(name)))
    }

    /// A file of the staging folder that is written bit by bit.
    ///
    /// # Errors
    /// What the system says.
    pub fn create(&self, name: &str) -> Result<fs::File, FolderError> {
        fs::File::create(self.staging.join(name)).map_err(system(&self.target.join(name)))
    }

    /// Puts what was written in place of the target.
    ///
    /// # Errors
    /// What the system says; the target is then as it was.
    pub fn commit(self) -> Result<(), FolderError> {
        self.replace().map_err(system(&self.target))
    }

    fn replace(&self) -> io::Result<()> {
        if let Some(parent) = self.target.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            fs::create_dir_all(parent)?;
        }
        // Not before there is something new: a run that is refused or only asked about changes nothing.
        left::put_back(&self.target);
        if !self.target.exists() {
            return fs::rename(&self.staging, &self.target);
        }
        let old = left::old(&self.staging);
        // A process of the same number may have been killed here.
        let _ = fs::remove_dir_all(&old);
        // A mounted folder cannot be renamed, and one that someone works in should stay where it is.
        let worked_in = std::env::current_dir().is_ok_and(|current| current.starts_with(&self.target));
        if worked_in || fs::rename(&self.target, &old).is_err() {
            return self.overwrite();
        }
        if let Err(error) = fs::rename(&self.staging, &self.target) {
            fs::rename(&old, &self.target)?;
            return Err(error);
        }
        // What is left of old results by a process that is killed here must not pass for whole.
        let _ = fs::remove_file(old.join(passport::NAME));
        // The new results stand: the run did not fail by old ones that cannot be removed, and nothing reads those.
        let _ = fs::remove_dir_all(&old);
        Ok(())
    }

    /// Replaces what is in the target. The passport goes first and comes last, so that no mixture passes for results.
    fn overwrite(&self) -> io::Result<()> {
        let _ = fs::remove_file(self.target.join(passport::NAME));
        for entry in fs::read_dir(&self.target)? {
            let entry = entry?;
            let is_folder = entry.file_type()?.is_dir();
            if is_folder { fs::remove_dir_all(entry.path())? } else { fs::remove_file(entry.path())? }
        }
        let mut files = paths_below(&self.staging).map_err(io::Error::other)?;
        files.sort_by_key(|(name, _)| name == passport::NAME);
        // A passport that was cut short would be one: a file gets its name when it is whole.
        let copy = self.target.join(left::staging("copy"));
        for (name, from) in files {
            let path = self.target.join(name);
            fs::create_dir_all(path.parent().unwrap_or(&self.target))?;
            if let Some(from) = from {
                fs::copy(from, &copy)?;
                fs::rename(&copy, path)?;
            }
        }
        Ok(())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // After a commit the staging folder is the target and there is nothing to remove.
        let _ = fs::remove_dir_all(&self.staging);
    }
}

/// The target with its symbolic links followed, also where they lead to nothing yet, when it may be replaced.
fn checked_folder(target: &Path) -> Result<PathBuf, FolderError> {
    let followed = left::followed(target);
    let data = match fs::metadata(&followed) {
        Ok(data) => data,
        // Links that lead back to themselves end nowhere.
        Err(error) if fs::symlink_metadata(&followed).is_ok() => {
            return Err(FolderError::System(shown(target), error));
        }
        Err(_) => return Ok(followed),
    };
    if !data.is_dir() {
        return Err(FolderError::IsFile(shown(target)));
    }
    let mut entries = fs::read_dir(target).map_err(system(target))?;
    if entries.next().is_some() && !target.join(passport::NAME).is_file() {
        return Err(FolderError::Foreign(shown(target), left::told(target)));
    }
    fs::canonicalize(target).map_err(system(target))
}

/// A single file that will be replaced as a whole.
#[derive(Debug)]
#[must_use = "nothing is written before `commit`"]
pub struct File {
    target: PathBuf,
    staging: PathBuf,
}

impl File {
    /// Checks a target before anything is simulated, and makes a staging file for it.
    ///
    /// # Errors
    /// When the target is no regular file, holds anything that does not begin with `mark`, lies below a file, or
    /// cannot be written.
    pub fn prepare(target: &Path, mark: &[u8]) -> Result<Self, FolderError> {
        if let Ok(data) = fs::metadata(target) {
            if !data.is_file() {
                return Err(FolderError::NotFile(shown(target)));
            }
            if data.len() > 0 && !begins_with(target, mark).map_err(system(target))? {
                return Err(FolderError::ForeignFile(shown(target)));
            }
        }
        let staging = staging(target)?;
        fs::write(&staging, b"").map_err(system(target))?;
        Ok(Self { target: target.to_owned(), staging })
    }

    /// Makes a staging file for a target that does not exist.
    ///
    /// # Errors
    /// When the target exists in any form, lies below a file, or cannot be written.
    pub fn prepare_new(target: &Path) -> Result<Self, FolderError> {
        if fs::symlink_metadata(target).is_ok() {
            return Err(FolderError::Exists(shown(target)));
        }
        Self::prepare(target, b"")
    }

    /// Writes the file.
    ///
    /// # Errors
    /// What the system says; the target is then as it was.
    pub fn commit(self, bytes: &[u8]) -> Result<(), FolderError> {
        self.replace(bytes).map_err(system(&self.target))
    }

    fn replace(&self, bytes: &[u8]) -> io::Result<()> {
        fs::write(&self.staging, bytes)?;
        if let Some(parent) = self.target.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            fs::create_dir_all(parent)?;
        }
        fs::rename(&self.staging, &self.target)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.staging);
    }
}

fn begins_with(file: &Path, mark: &[u8]) -> io::Result<bool> {
    let mut start = Vec::with_capacity(mark.len());
    fs::File::open(file)?.take(mark.len() as u64).read_to_end(&mut start)?;
    Ok(start == mark)
}

impl Take for Folder {
    fn whole(&mut self, name: &str, bytes: &[u8]) -> Result<(), ReportError> {
        Ok(self.write(name, bytes)?)
    }

    fn stream(&mut self, name: &str, fill: &mut Fill<'_>) -> Result<(), ReportError> {
        let path = self.target.join(name);
        let mut file = io::BufWriter::new(self.create(name)?);
        fill(&mut file).map_err(|error| match error {
            // What fills it knows no name.
            ReportError::Stream(error) => system(&path)(error).into(),
            other => other,
        })?;
        Ok(file.flush().map_err(system(&path))?)
    }
}

#[cfg(test)]
mod tests;
