//! Which font writes which character.
//!
//! Forms ask for a [`Role`] (Song, Fangsong, Kai, Hei), never for a font. Each role has a chain of
//! faces: the office's own fonts by their usual names, then the font shipped with the program; a
//! character none of them has is looked for in every other font of the machine. What no font has is
//! remembered and reported ([`Metrics::missing`]), and a 〓 is printed in its place, as typesetters
//! have always done: never an empty box in silence.

pub mod cut;
mod roles;
mod shaping;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Read as _;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

pub use roles::Role;
pub use shaping::{Shaped, ShapedGlyph};

use crate::layout::Measure;

/// What stands for a character that no font has.
pub const GETA: char = '〓';

static SHIPPED: &[u8] = include_bytes!("../../fonts/ArchiveSerifSC-Regular.ttf.gz");

/// Why there is nothing to write with.
#[derive(Debug, thiserror::Error)]
pub enum FontError {
    /// The font built into the program can't be unpacked: the program file is damaged.
    #[error("随附字体已损坏，请重新安装本程序 / the font shipped with the program is damaged: {0}")]
    Shipped(std::io::Error),
}

/// The fonts at hand.
pub struct Fonts {
    db: fontdb::Database,
    faces: Vec<FaceSource>,
    /// For each role, places in `faces`, the best first.
    chains: BTreeMap<Role, Vec<FaceId>>,
    /// Where `faces` leaves off being named by a role: any font of the machine, as a last resort.
    last_resort: std::ops::Range<u16>,
}

/// One of the faces of a [`Fonts`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FaceId(u16);

impl FaceId {
    /// Tells it from the others.
    pub const fn number(self) -> u16 {
        self.0
    }
}

enum FaceSource {
    Shipped(Arc<[u8]>),
    Found { id: fontdb::ID, name: String },
}

impl Fonts {
    /// Only the font shipped with the program: the same result on every machine.
    pub fn shipped() -> Result<Self, FontError> {
        Self::from_database(fontdb::Database::new())
    }

    /// The fonts of the machine and of `dirs`, which count before the machine's; then the shipped one.
    pub fn find(dirs: &[PathBuf]) -> Result<Self, FontError> {
        let mut db = fontdb::Database::new();
        for dir in dirs {
            db.load_fonts_dir(dir);
        }
        db.load_system_fonts();
        Self::from_database(db)
    }

    fn from_database(db: fontdb::Database) -> Result<Self, FontError> {
        let mut shipped = Vec::new();
        flate2::read::GzDecoder::new(SHIPPED).read_to_end(&mut shipped).map_err(FontError::Shipped)?;
        let mut faces = vec![FaceSource::Shipped(shipped.into())];
        let shipped = FaceId(0);

        let mut chains = BTreeMap::new();
        for role in Role::ALL {
            let mut chain = Vec::new();
            for family in role.families() {
                if let Some(id) = best_face(&db, family, role.weight()) {
                    chain.push(enlist(&db, &mut faces, id));
                    break; // one font a role: a line of mixed faces looks worse than the shipped one
                }
            }
            chain.push(shipped);
            chains.insert(role, chain);
        }

        let named = to_u16(faces.len());
        let mut others: Vec<&fontdb::FaceInfo> =
            db.faces().filter(|face| face.style == fontdb::Style::Normal).collect();
        others.sort_by_key(|face| {
            (
                face.weight.0.abs_diff(400),
                face.families.first().map(|(name, _)| name.clone()),
                face.post_script_name.clone(),
                face.index,
            )
        });
        for face in others.into_iter().take(usize::from(u16::MAX - named)) {
            faces.push(FaceSource::Found { id: face.id, name: face.post_script_name.clone() });
        }
        let last_resort = named..to_u16(faces.len());
        Ok(Self { db, faces, chains, last_resort })
    }

    /// The name of a face as a PDF may write it.
    pub fn name(&self, face: FaceId) -> &str {
        match &self.faces[usize::from(face.0)] {
            FaceSource::Shipped(_) => "ArchiveSerifSC-Regular",
            FaceSource::Found { name, .. } => name,
        }
    }

    /// Calls `read` with the bytes of a face and its index in them.
    pub fn with_data<T>(&self, face: FaceId, read: impl FnOnce(&[u8], u32) -> T) -> Option<T> {
        match &self.faces[usize::from(face.0)] {
            FaceSource::Shipped(bytes) => Some(read(bytes, 0)),
            FaceSource::Found { id, .. } => self.db.with_face_data(*id, read),
        }
    }

    /// The faces tried for a role before the last resort.
    pub fn chain(&self, role: Role) -> impl Iterator<Item = &str> {
        self.chains.get(&role).into_iter().flatten().map(|face| self.name(*face))
    }

    fn faces_for(&self, role: Role) -> impl Iterator<Item = FaceId> + '_ {
        self.chains.get(&role).into_iter().flatten().copied().chain(self.last_resort.clone().map(FaceId))
    }
}

fn to_u16(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

fn enlist(db: &fontdb::Database, faces: &mut Vec<FaceSource>, wanted: fontdb::ID) -> FaceId {
    let known = faces.iter().position(|face| matches!(face, FaceSource::Found { id, .. } if *id == wanted));
    let place = known.unwrap_or_else(|| {
        let name = db.face(wanted).map_or_else(String::new, |info| info.post_script_name.clone());
        faces.push(FaceSource::Found { id: wanted, name });
        faces.len() - 1
    });
    FaceId(to_u16(place))
}

/// The upright face of `family` nearest in weight, if its licence bits let it be embedded in part.
fn best_face(db: &fontdb::Database, family: &str, weight: u16) -> Option<fontdb::ID> {
    db.faces()
        .filter(|face| face.style == fontdb::Style::Normal)
        .filter(|face| face.families.iter().any(|(name, _)| name.eq_ignore_ascii_case(family)))
        .filter(|face| db.with_face_data(face.id, may_embed).unwrap_or(false))
        .min_by_key(|face| (face.weight.0.abs_diff(weight), face.post_script_name.clone(), face.index))
        .map(|face| face.id)
}

fn may_embed(bytes: &[u8], index: u32) -> bool {
    ttf_parser::Face::parse(bytes, index).is_ok_and(|face| is_embeddable(&face))
}

/// Whether a face has outlines that a PDF can hold, and licence bits (fsType) that allow it.
fn is_embeddable(face: &ttf_parser::Face<'_>) -> bool {
    face.is_subsetting_allowed()
        && face.is_outline_embedding_allowed()
        && face.permissions() != Some(ttf_parser::Permissions::Restricted)
        && (face.tables().glyf.is_some() || face.tables().cff.is_some())
}

/// Where a character comes from, and how wide it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glyph {
    /// The face that has it; none for what is not drawn (variation selectors and the like).
    pub face: Option<FaceId>,
    /// The character drawn: itself, or [`GETA`].
    pub drawn: char,
    /// Its width in ems.
    pub advance: f64,
}

/// A joined word in a hand.
type Word = (Role, Box<str>);

/// Widths and faces of characters, looked up once each during one job.
pub struct Metrics<'f> {
    fonts: &'f Fonts,
    /// Whether faces with TrueType outlines come before all others.
    truetype_first: bool,
    known: RefCell<HashMap<(Role, char), Glyph>>,
    words: RefCell<HashMap<Word, Option<Rc<Shaped>>>>,
    missing: RefCell<BTreeSet<char>>,
}

impl<'f> Metrics<'f> {
    /// For one job.
    pub fn new(fonts: &'f Fonts) -> Self {
        Self {
            fonts,
            truetype_first: false,
            known: RefCell::default(),
            words: RefCell::default(),
            missing: RefCell::default(),
        }
    }

    /// For a job whose readers know TrueType outlines best (OFD): other faces are the last resort.
    pub fn truetype_first(fonts: &'f Fonts) -> Self {
        Self { truetype_first: true, ..Self::new(fonts) }
    }

    /// The fonts measured with.
    pub fn fonts(&self) -> &'f Fonts {
        self.fonts
    }

    /// The glyph for a character in a role.
    pub fn glyph(&self, role: Role, c: char) -> Glyph {
        if let Some(glyph) = self.known.borrow().get(&(role, c)) {
            return *glyph;
        }
        let glyph = self.look_up(role, c);
        self.known.borrow_mut().insert((role, c), glyph);
        glyph
    }

    fn look_up(&self, role: Role, c: char) -> Glyph {
        if is_invisible(c) {
            return Glyph { face: None, drawn: c, advance: 0.0 };
        }
        // A font may have a picture for "a character was lost": printing it would be a box in silence.
        if c != char::REPLACEMENT_CHARACTER
            && let Some(glyph) = self.seek(role, c)
        {
            return glyph;
        }
        self.missing.borrow_mut().insert(c);
        self.seek(role, GETA).unwrap_or(Glyph { face: None, drawn: GETA, advance: 1.0 })
    }

    fn seek(&self, role: Role, c: char) -> Option<Glyph> {
        let seek = |truetype_only: bool| {
            self.fonts.faces_for(role).find_map(|face| {
                let read = |bytes: &[u8], index| advance(bytes, index, c, truetype_only);
                let advance = self.fonts.with_data(face, read).flatten()?;
                Some(Glyph { face: Some(face), drawn: c, advance })
            })
        };
        if self.truetype_first { seek(true).or_else(|| seek(false)) } else { seek(false) }
    }

    /// The glyphs of a joined word; none where no one face has every letter of it, and its letters are
    /// drawn each for itself.
    pub fn shaped(&self, role: Role, word: &str) -> Option<Rc<Shaped>> {
        let key = (role, Box::from(word));
        if let Some(shaped) = self.words.borrow().get(&key) {
            return shaped.clone();
        }
        let shaped = shaping::shape(self.fonts, role, word).map(Rc::new);
        self.words.borrow_mut().insert(key, shaped.clone());
        shaped
    }

    /// The characters asked for so far that no font has, in order.
    pub fn missing(&self) -> Vec<char> {
        self.missing.borrow().iter().copied().collect()
    }
}

/// The width in ems of a character that the face really draws.
fn advance(bytes: &[u8], index: u32, c: char, truetype_only: bool) -> Option<f64> {
    let face = ttf_parser::Face::parse(bytes, index).ok()?;
    if truetype_only && face.tables().glyf.is_none() {
        return None;
    }
    let glyph = face.glyph_index(c).filter(|glyph| glyph.0 != 0)?;
    if !is_embeddable(&face) {
        return None;
    }
    Some(f64::from(face.glyph_hor_advance(glyph)?) / f64::from(face.units_per_em()))
}

/// Characters that change others and draw nothing themselves (default ignorable).
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
        | '\u{E0000}'..='\u{E0FFF}')
}

impl Measure for Metrics<'_> {
    fn advance(&self, role: Role, c: char) -> f64 {
        self.glyph(role, c).advance
    }

    fn word(&self, role: Role, word: &str) -> f64 {
        self.shaped(role, word)
            .map_or_else(|| word.chars().map(|c| self.advance(role, c)).sum(), |shaped| shaped.width)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_font_writes_the_characters_of_names() {
        let fonts = Fonts::shipped().unwrap();
        let metrics = Metrics::new(&fonts);
        for c in "档案〔2004〕堃喆玥㛃䶮𬱖、·－～—…※〓".chars() {
            assert_eq!(metrics.glyph(Role::Song, c).drawn, c, "{c}");
        }
        assert!((metrics.advance(Role::Hei, '档') - 1.0).abs() < 1e-9);
        assert!(metrics.missing().is_empty());
    }

    #[test]
    fn what_no_font_has_is_remembered_and_marked() {
        let fonts = Fonts::shipped().unwrap();
        let metrics = Metrics::new(&fonts);
        assert_eq!(metrics.glyph(Role::Song, '𪚥').drawn, GETA);
        assert_eq!(metrics.missing(), ['𪚥']);
        assert_eq!(metrics.glyph(Role::Song, '\u{FE00}').face, None, "a variation selector is not drawn");
        assert_eq!(metrics.missing(), ['𪚥']);
    }
}
