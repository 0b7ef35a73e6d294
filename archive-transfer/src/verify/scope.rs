//! `--only VOLUME`: which files of a package are read when one volume is asked for.
//!
//! What frames a package (manifests, METS, lists, forms, our records) is always read. Of the rest, a file
//! belongs to a volume when a folder or file on its path is named after the volume's archival code, alone
//! or followed by what makes it an item's code: `J019-2004-001`, `J019-2004-001-003`, `…-003.eep`.

use archive_core::text;
use archive_core::text::Text;

use crate::layout;
use crate::names;
use crate::receive::RecordsIn;
use crate::tree::Tree;

/// The files to be read.
#[derive(Debug, Default)]
pub(super) struct Scope {
    code: Option<String>,
}

/// There is no such volume in the package.
#[derive(Debug)]
pub struct NoSuchVolume {
    /// What was asked for.
    pub wanted: String,
    /// The volumes our records name; empty where there are none.
    pub known: Vec<String>,
}

impl NoSuchVolume {
    /// The sentence for people.
    pub fn message(&self) -> Text {
        let wanted = &self.wanted;
        text!("移交包里没有案卷 {wanted}", "the package has no volume {wanted}")
    }

    /// What to do about it.
    pub fn help(&self) -> Text {
        if self.known.is_empty() {
            return Text::fixed(
                "请写案卷的档号，如 J019-2004-001",
                "give its archival code, as J019-2004-001",
            );
        }
        let known = self.known.join("、");
        text!("包内的案卷：{known}", "its volumes: {known}")
    }
}

impl Scope {
    /// All files, or those of one volume.
    pub(super) fn of(tree: &Tree, only: Option<&str>) -> Result<Self, NoSuchVolume> {
        let Some(wanted) = only.map(str::trim) else { return Ok(Self { code: None }) };
        let volumes = match RecordsIn::find(tree) {
            Ok(Some(records)) => records.volumes().unwrap_or_default(),
            _ => Vec::new(),
        };
        let known: Vec<String> = volumes.into_iter().filter_map(|volume| Some(volume.number?.code)).collect();
        let code = names::safe(wanted);
        let there = !wanted.is_empty()
            && (known.is_empty() || known.iter().any(|known| known == wanted))
            && tree.entries().iter().any(|entry| is_of(entry.path, &code));
        if there {
            Ok(Self { code: Some(code) })
        } else {
            Err(NoSuchVolume { wanted: wanted.to_owned(), known })
        }
    }

    /// The volume asked for.
    pub(super) fn only(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// Whether a file is to be read.
    pub(super) fn includes(&self, path: &str) -> bool {
        self.code.as_deref().is_none_or(|code| is_frame(path) || is_of(path, code))
    }
}

/// Whether a file belongs to the volume.
fn is_of(path: &str, code: &str) -> bool {
    path.split('/').any(|part| {
        part.strip_prefix(code).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '.', '·', '_']))
    })
}

/// Whether a file is of the package rather than of an item.
fn is_frame(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let frame_folder = |part: &str| matches!(part, "documentation" | "schemas" | "其他");
    let lists = [layout::EXPLANATION, layout::VOLUME_LIST, layout::ITEM_LIST, layout::DAT93_LIST];
    folder.is_empty()
        || name.eq_ignore_ascii_case("mets.xml")
        || lists.iter().any(|list| list.eq_ignore_ascii_case(name))
        || folder.split('/').any(frame_folder)
        || (folder.split('/').any(|part| part == "metadata") && !super::documents::is_encapsulation(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_volume_is_told_from_the_one_whose_code_begins_alike() {
        for (path, of) in [
            ("data/x/J019-2004-001/J019-2004-001-002/a.tif", true),
            ("data/x/J019-2004-001-002.eep", true),
            ("电子档案/2004/J019-2004-001/1.pdf", true),
            ("data/x/J019-2004-0010/a.tif", false),
            ("data/x/1J019-2004-001/a.tif", false),
        ] {
            assert_eq!(is_of(path, "J019-2004-001"), of, "{path}");
        }
        for path in ["manifest-sha256.txt", "data/x/METS.xml", "data/x/metadata/descriptive/ead.xml"] {
            assert!(is_frame(path), "{path}");
        }
        for path in ["data/x/representations/rep1/metadata/descriptive/1.eep", "data/x/电子档案1元数据.XML"]
        {
            assert!(!is_frame(path), "{path}");
        }
    }
}
