//! Joined scripts: from a word to the glyphs a font draws it with.

use super::{FaceId, Fonts, Role};
use crate::layout::script;

/// A word as one face draws it, from left to right whatever way it is read.
#[derive(Debug, Clone, PartialEq)]
pub struct Shaped {
    /// The face.
    pub face: FaceId,
    /// Its glyphs.
    pub glyphs: Vec<ShapedGlyph>,
    /// The width of the whole in ems.
    pub width: f64,
}

/// A glyph of a word.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShapedGlyph {
    /// Its number in the face.
    pub id: u16,
    /// How far the next one stands, in ems.
    pub advance: f64,
    /// How far it is drawn right of its place, in ems.
    pub right: f64,
    /// How far above the line, in ems.
    pub up: f64,
    /// Which letters of the word it stands for: from here in bytes
    pub from: usize,
    /// to here.
    pub to: usize,
}

/// Shapes a word with the first face of a role that has every letter of it.
pub(super) fn shape(fonts: &Fonts, role: Role, word: &str) -> Option<Shaped> {
    let face = fonts.faces_for(role).find(|face| {
        fonts.with_data(*face, |bytes, index| has_every_letter(bytes, index, word)).unwrap_or(false)
    })?;
    let (glyphs, width) = fonts.with_data(face, |bytes, index| glyphs(bytes, index, word))??;
    Some(Shaped { face, glyphs, width })
}

/// Outlines of the TrueType kind only: what other fonts call their glyphs is not what a PDF calls them.
fn has_every_letter(bytes: &[u8], index: u32, word: &str) -> bool {
    ttf_parser::Face::parse(bytes, index).is_ok_and(|face| {
        super::is_embeddable(&face)
            && face.tables().glyf.is_some()
            && word
                .chars()
                .all(|c| super::is_invisible(c) || face.glyph_index(c).is_some_and(|glyph| glyph.0 != 0))
    })
}

fn glyphs(bytes: &[u8], index: u32, word: &str) -> Option<(Vec<ShapedGlyph>, f64)> {
    let face = rustybuzz::Face::from_slice(bytes, index)?;
    let em = f64::from(face.units_per_em());
    let mut buffer = rustybuzz::UnicodeBuffer::new();
    buffer.push_str(word);
    buffer.guess_segment_properties();
    if word.chars().any(script::is_right_to_left) {
        buffer.set_direction(rustybuzz::Direction::RightToLeft);
    }
    // A mark tells its own letter, not that of the letter it stands on.
    buffer.set_cluster_level(rustybuzz::BufferClusterLevel::Characters);
    let shaped = rustybuzz::shape(&face, &[], buffer);
    let mut begins: Vec<usize> =
        shaped.glyph_infos().iter().filter_map(|info| usize::try_from(info.cluster).ok()).collect();
    begins.sort_unstable();
    begins.dedup();
    let mut width = 0.0;
    let mut glyphs = Vec::with_capacity(shaped.len());
    for (info, position) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
        let advance = f64::from(position.x_advance) / em;
        width += advance;
        let from = usize::try_from(info.cluster).ok()?;
        let to = begins.iter().copied().find(|begin| *begin > from).unwrap_or(word.len());
        glyphs.push(ShapedGlyph {
            id: u16::try_from(info.glyph_id).ok()?,
            advance,
            right: f64::from(position.x_offset) / em,
            up: f64::from(position.y_offset) / em,
            from,
            to,
        });
    }
    Some((glyphs, width))
}
