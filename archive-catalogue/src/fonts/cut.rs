//! Cutting a font down to what a document draws with it, before it is embedded.

use std::collections::{BTreeMap, BTreeSet};

use allsorts::binary::read::ReadScope;
use allsorts::font_data::FontData;
use allsorts::subset::{CmapTarget, SubsetProfile, subset};

use super::{FaceId, Fonts};

/// What a document draws with a face.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FaceUse {
    /// Characters drawn by themselves.
    pub characters: BTreeSet<char>,
    /// Glyphs of joined words by their number, and the letters each stands for.
    pub glyphs: BTreeMap<u16, String>,
}

/// A face cut to what is used of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// The font file.
    pub bytes: Vec<u8>,
    /// The number each glyph of a joined word has in it.
    pub glyphs: BTreeMap<u16, u16>,
    /// A name for the cut: six letters from its content, then the font's name (ISO 32000-1, 9.6.4).
    pub name: String,
}

/// Why a face can't be cut.
#[derive(Debug, thiserror::Error)]
#[error("字体 {name} 无法嵌入：{reason} / the font {name} can't be embedded: {reason}")]
pub struct CutError {
    /// The font.
    pub name: String,
    /// What the font library says.
    pub reason: String,
}

/// Cuts a face.
pub fn cut(fonts: &Fonts, face: FaceId, used: &FaceUse) -> Result<Cut, CutError> {
    let name = fonts.name(face);
    let failed = |reason: String| CutError { name: name.to_owned(), reason };
    let (bytes, glyphs) = fonts
        .with_data(face, |bytes, index| cut_bytes(bytes, index, used))
        .ok_or_else(|| failed("unreadable".to_owned()))?
        .map_err(failed)?;
    let plain: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    let name = format!("{}+{plain}", tag(&bytes));
    Ok(Cut { bytes, glyphs, name })
}

fn cut_bytes(bytes: &[u8], index: u32, used: &FaceUse) -> Result<(Vec<u8>, BTreeMap<u16, u16>), String> {
    let face = ttf_parser::Face::parse(bytes, index).map_err(|error| error.to_string())?;
    let kept: BTreeSet<u16> = std::iter::once(0)
        .chain(used.characters.iter().filter_map(|c| face.glyph_index(*c)).map(|glyph| glyph.0))
        .chain(used.glyphs.keys().copied())
        .collect();
    let kept: Vec<u16> = kept.into_iter().collect();
    let file = ReadScope::new(bytes).read::<FontData<'_>>().map_err(|error| error.to_string())?;
    let index = usize::try_from(index).map_err(|error| error.to_string())?;
    let tables = file.table_provider(index).map_err(|error| error.to_string())?;
    let cut = subset(&tables, &kept, &SubsetProfile::Minimal, CmapTarget::Unicode)
        .map_err(|error| error.to_string())?;
    // Glyphs are numbered anew in the order they were asked for.
    let renumbered = used
        .glyphs
        .keys()
        .filter_map(|old| Some((*old, u16::try_from(kept.binary_search(old).ok()?).ok()?)))
        .collect();
    Ok((cut, renumbered))
}

/// Six capital letters that tell this cut of a font from another.
fn tag(bytes: &[u8]) -> String {
    let mut hash = crate::surface::hash(bytes);
    (0..6)
        .map(|_| {
            let letter = u8::try_from(hash % 26).unwrap_or(0);
            hash /= 26;
            char::from(b'A' + letter)
        })
        .collect()
}
