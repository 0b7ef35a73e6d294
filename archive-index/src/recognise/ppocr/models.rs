//! The models: where they are looked for, how they are taken out of the package that carries them, and
//! what they must be.
//!
//! ```text
//! pip download --no-deps rapidocr==3.10.0        on any computer with a network
//! archive engines --add rapidocr-3.10.0-py3-none-any.whl
//! ```

use std::env;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use archive_core::hex;
use archive_core::text;
use archive_core::text::Text;
use sha2::{Digest, Sha256};

/// A model: its file, its length and its SHA-256.
struct Wanted {
    file: &'static str,
    bytes: u64,
    digest: &'static str,
}

const DETECTION: Wanted = Wanted {
    file: "PP-OCRv6_det_small.onnx",
    bytes: 9_929_594,
    digest: "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
};
const RECOGNITION: Wanted = Wanted {
    file: "PP-OCRv6_rec_small.onnx",
    bytes: 21_234_383,
    digest: "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
};
const LICENCE: &str = "MODEL_LICENSES.md";
/// Where the package keeps them.
const INSIDE: &str = "rapidocr/models";

/// The variable that names another folder.
const VARIABLE: &str = "ARCHIVE_MODELS";

/// Why models can't be had.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The package can't be read, or the folder not be written.
    #[error("读写出错：{0} / can't be read or written: {0}")]
    Io(#[from] io::Error),
    /// It isn't the package that carries the models.
    #[error("这不是装有模型的安装包：{0} / this isn't the package with the models: {0}")]
    NotThePackage(String),
    /// A model isn't what it should be.
    #[error("{0} 与应有的内容不同（SHA-256 不符） / {0} isn't what it should be (its SHA-256 differs)")]
    Other(&'static str),
}

/// The folders where models are looked for, the first one first.
fn folders() -> Vec<PathBuf> {
    if let Some(given) = env::var_os(VARIABLE) {
        return vec![PathBuf::from(given)];
    }
    let mut out = Vec::from_iter(home());
    if let Some(beside) = env::current_exe().ok().as_deref().and_then(Path::parent) {
        out.push(beside.join("models"));
    }
    out.push(PathBuf::from("/usr/local/share/archive/models"));
    out.push(PathBuf::from("/usr/share/archive/models"));
    out
}

/// The folder of the person at work.
fn home() -> Option<PathBuf> {
    let data = env::var_os("XDG_DATA_HOME").or_else(|| env::var_os("LOCALAPPDATA")).map(PathBuf::from);
    let data = data.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".local/share")))?;
    Some(data.join("archive/models"))
}

/// Finds the folder that holds them; that they are whole is looked at when they are loaded.
pub(super) fn find() -> Result<PathBuf, Text> {
    let holds = |folder: &PathBuf| {
        [DETECTION, RECOGNITION]
            .iter()
            .all(|model| fs::metadata(folder.join(model.file)).is_ok_and(|found| found.len() == model.bytes))
    };
    folders().into_iter().find(holds).ok_or_else(|| {
        Text::fixed(
            "没有 PP-OCR 的模型。在能上网的机器上运行 pip download --no-deps rapidocr==3.10.0，\
             再在本机运行 archive engines --add rapidocr-3.10.0-py3-none-any.whl",
            "the models of PP-OCR aren't here. On a computer with a network run pip download --no-deps \
             rapidocr==3.10.0, and here archive engines --add rapidocr-3.10.0-py3-none-any.whl",
        )
    })
}

/// Takes the models out of the package, looks at their digests and puts them where they are looked for.
/// Gives the folder.
///
/// # Errors
///
/// When it is another package or another version, and when it can't be read or the folder not be written.
pub fn add(package: &Path) -> Result<PathBuf, ModelError> {
    let folder = folders().into_iter().next().ok_or_else(|| io::Error::other("HOME"))?;
    let mut zip = zip::ZipArchive::new(fs::File::open(package)?)
        .map_err(|error| ModelError::NotThePackage(error.to_string()))?;
    let mut files = Vec::new();
    for (name, wanted) in
        [(DETECTION.file, Some(DETECTION)), (RECOGNITION.file, Some(RECOGNITION)), (LICENCE, None)]
    {
        let at = (0..zip.len()).find(|&index| {
            let inside = zip.name_for_index(index).and_then(Result::ok).unwrap_or_default();
            inside.ends_with(&format!("/{name}")) && (wanted.is_none() || inside.starts_with(INSIDE))
        });
        let Some(at) = at else { return Err(ModelError::NotThePackage(name.to_owned())) };
        let part = zip.by_index(at).map_err(|error| ModelError::NotThePackage(error.to_string()))?;
        let mut bytes = Vec::new();
        part.take(64 << 20).read_to_end(&mut bytes)?;
        if let Some(wanted) = wanted
            && digest(&bytes) != wanted.digest
        {
            return Err(ModelError::Other(wanted.file));
        }
        files.push((name, bytes));
    }
    fs::create_dir_all(&folder)?;
    for (name, bytes) in files {
        let draft = folder.join(format!("{name}.draft"));
        fs::write(&draft, bytes)?;
        fs::rename(draft, folder.join(name))?;
    }
    Ok(folder)
}

/// The bytes of both models, looked at.
pub(super) fn load(folder: &Path) -> Result<(Vec<u8>, Vec<u8>), String> {
    let load = |model: &Wanted| -> Result<Vec<u8>, String> {
        let bytes = fs::read(folder.join(model.file)).map_err(|error| error.to_string())?;
        let whole = digest(&bytes) == model.digest;
        if whole { Ok(bytes) } else { Err(ModelError::Other(model.file).to_string()) }
    };
    Ok((load(&DETECTION)?, load(&RECOGNITION)?))
}

fn digest(bytes: &[u8]) -> String {
    hex::encode(&Sha256::digest(bytes))
}

impl ModelError {
    /// What to do about it.
    pub fn help(&self) -> Text {
        match self {
            Self::Io(_) => {
                Text::fixed("请检查路径、磁盘空间和权限", "check the path, the disk's space and permissions")
            }
            Self::NotThePackage(_) | Self::Other(_) => {
                let variable = VARIABLE;
                text!(
                    "需要 rapidocr 3.10.0 的安装包（pip download --no-deps rapidocr==3.10.0）；或设 {variable} 指明模型所在文件夹",
                    "the package of rapidocr 3.10.0 is needed (pip download --no-deps rapidocr==3.10.0); or name the models' folder by {variable}"
                )
            }
        }
    }
}
