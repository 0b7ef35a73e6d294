//! Files the command itself writes: whole or not at all.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::error::CommandError;

/// Writes a file so that a reader sees the old one or the new one, and never half of it.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), CommandError> {
    write_all([(path, bytes)])
}

/// Writes files that belong together: all of them lie beside their places, whole, before the first takes its own.
/// What fails on the way (a full disk, a folder that can't be written) leaves nothing behind.
pub(crate) fn write_all<'f>(
    files: impl IntoIterator<Item = (&'f Path, &'f [u8])>,
) -> Result<(), CommandError> {
    let mut folders = NewFolders::default();
    let mut staged = Vec::new();
    for (path, bytes) in files {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let told = |error: &std::io::Error| CommandError::io(path, error);
        folders.make(folder).map_err(|error| told(&error))?;
        let mut file =
            tempfile::Builder::new().prefix(".archive-").tempfile_in(folder).map_err(|error| told(&error))?;
        file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(|error| told(&error))?;
        open_to_all(file.path()).map_err(|error| told(&error))?;
        // Thousands of files are more than a process may hold open: the path alone removes them again.
        staged.push((file.into_temp_path(), path));
    }
    for (file, path) in staged {
        file.persist(path).map_err(|error| CommandError::io(path, &error.error))?;
    }
    folders.keep();
    Ok(())
}

/// Folders made on the way, which are removed again unless they are kept.
#[derive(Default)]
struct NewFolders(Vec<PathBuf>);

impl NewFolders {
    fn make(&mut self, folder: &Path) -> std::io::Result<()> {
        let new = folder.ancestors().take_while(|above| !above.as_os_str().is_empty() && !above.exists());
        let new: Vec<PathBuf> = new.map(Path::to_owned).collect();
        let made = fs::create_dir_all(folder);
        self.0.extend(new.into_iter().rev());
        made
    }

    fn keep(mut self) {
        self.0.clear();
    }
}

impl Drop for NewFolders {
    fn drop(&mut self) {
        for folder in self.0.iter().rev() {
            // Whatever has come into it meanwhile isn't ours: then it stays.
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Temporary files are the owner's only; what is printed is for the office.
#[cfg(unix)]
fn open_to_all(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn open_to_all(_: &Path) -> std::io::Result<()> {
    Ok(())
}

/// The SHA-256 of some bytes, in hexadecimal: by it the same register is known again.
pub(crate) fn digest(bytes: &[u8]) -> String {
    archive_core::hex::encode(&Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_files_that_belong_together_all_are_there_or_none() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("挡路"), b"").unwrap();
        let good = folder.path().join("新/2004年度/案卷目录.pdf");
        let bad = folder.path().join("挡路/案卷目录.xlsx");
        assert!(write_all([(good.as_path(), &b"a"[..]), (bad.as_path(), &b"b"[..])]).is_err());
        let left: Vec<_> =
            fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["挡路"]);
        write_all([(good.as_path(), &b"a"[..])]).unwrap();
        assert_eq!(fs::read(good).unwrap(), b"a");
    }

    #[test]
    fn a_written_file_is_there_and_nothing_else_is() {
        let folder = tempfile::tempdir().unwrap();
        write(&folder.path().join("目录/案卷目录.csv"), b"a").unwrap();
        write(&folder.path().join("目录/案卷目录.csv"), b"bc").unwrap();
        let names: Vec<_> = fs::read_dir(folder.path().join("目录"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(names, ["案卷目录.csv"]);
        assert_eq!(fs::read(folder.path().join("目录/案卷目录.csv")).unwrap(), b"bc");
    }
}
