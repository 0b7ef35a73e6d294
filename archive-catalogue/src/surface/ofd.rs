//! Pages as OFD (版式文件, GB/T 33190-2016), the state's own fixed-layout format.
//!
//! A zip of XML files: the pages with their texts and lines, the fonts cut to what is used of them, and the
//! few files that hold these together. Lengths are millimetres from the upper left corner, as in our
//! layout, so a page is written as it is drawn, one after the other; nothing is kept of it but its size.
//! The same document gives the same bytes: no clock, and an identifier made from the content.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{About, Draw, Drawn, PRODUCER, Placed, Run, Surface, Used, hash, placed};
use crate::fonts::cut::{Cut, CutError, FaceUse, cut};
use crate::fonts::{FaceId, Metrics};
use crate::layout::{Paper, Point};

/// Why an OFD file can't be made.
#[derive(Debug, thiserror::Error)]
pub enum OfdError {
    /// A font can't be cut to the characters used.
    #[error(transparent)]
    Font(#[from] CutError),
    /// The file can't be put together.
    #[error("OFD 生成失败：{0} / the OFD file can't be made: {0}")]
    Writing(#[from] zip::result::ZipError),
    /// A part of it can't be written.
    #[error("OFD 生成失败：{0} / the OFD file can't be made: {0}")]
    Part(#[from] std::io::Error),
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const SPACE: &str = "xmlns:ofd=\"http://www.ofdspec.org/2016\"";

/// How far a text's box reaches above and below its baseline, in ems: as far as any letter does.
const ABOVE: f64 = 1.1;
const BELOW: f64 = 0.4;

/// Writes pages as an OFD file. `order` lists those wanted, as they come.
pub fn write(
    draw: Draw<'_>,
    order: &[usize],
    about: &About,
    metrics: &Metrics<'_>,
) -> Result<Vec<u8>, OfdError> {
    let used = Used::by(draw, metrics);
    let mut file = File { zip: ZipWriter::new(Cursor::new(Vec::new())), hashes: [0; 2] };
    let mut fonts = BTreeMap::new();
    let mut resources = String::new();
    for (at, (face, what)) in used.faces.iter().enumerate() {
        let cut = cut(metrics.fonts(), *face, what)?;
        let id = at + 1;
        let kind = if cut.bytes.starts_with(b"OTTO") { "otf" } else { "ttf" };
        let (name, family) = (xml(&cut.name), xml(metrics.fonts().name(*face)));
        let _ = write!(
            resources,
            "<ofd:Font ID=\"{id}\" FontName=\"{name}\" FamilyName=\"{family}\" Charset=\"unicode\">\
             <ofd:FontFile>font_{id}.{kind}</ofd:FontFile></ofd:Font>"
        );
        file.add(&format!("Doc_0/Res/font_{id}.{kind}"), &cut.bytes)?;
        fonts.insert(*face, Font { id, rare: rare(&cut, what), cut });
    }
    let resources =
        format!("{HEAD}<ofd:Res {SPACE} BaseLoc=\"Res\"><ofd:Fonts>{resources}</ofd:Fonts></ofd:Res>\n");
    file.add("Doc_0/PublicRes.xml", resources.as_bytes())?;

    // Pages are drawn in their own order, and listed in the order wanted.
    let mut wanted = vec![false; used.pages];
    for page in order {
        if let Some(wanted) = wanted.get_mut(*page) {
            *wanted = true;
        }
    }
    let next_id = fonts.len() + 1;
    let mut surface =
        Ofd { metrics, fonts: &fonts, file, wanted, drawn: Vec::new(), next_id, page: None, failed: None };
    draw(&mut surface);
    if let Some(error) = surface.failed {
        return Err(error);
    }
    let Ofd { mut file, drawn, mut next_id, .. } = surface;
    let mut list = String::new();
    for page in order {
        if drawn.get(*page).is_some_and(Option::is_some) {
            let _ = write!(list, "<ofd:Page ID=\"{next_id}\" BaseLoc=\"Pages/Page_{page}/Content.xml\"/>");
            next_id += 1;
        }
    }
    let first = order.first().and_then(|page| drawn.get(*page).copied().flatten()).unwrap_or((210.0, 297.0));
    let document = format!(
        "{HEAD}<ofd:Document {SPACE}><ofd:CommonData><ofd:MaxUnitID>{next_id}</ofd:MaxUnitID>\
         <ofd:PageArea><ofd:PhysicalBox>0 0 {} {}</ofd:PhysicalBox></ofd:PageArea>\
         <ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData><ofd:Pages>{list}</ofd:Pages></ofd:Document>\n",
        mm(first.0),
        mm(first.1),
    );
    file.add("Doc_0/Document.xml", document.as_bytes())?;
    let identifier = format!("{:016x}{:016x}", file.hashes[0], file.hashes[1]);
    let (title, author, date) = (xml(&about.title), xml(&about.author), about.date.format("%Y-%m-%d"));
    let manifest = format!(
        "{HEAD}<ofd:OFD {SPACE} Version=\"1.0\" DocType=\"OFD\"><ofd:DocBody><ofd:DocInfo>\
         <ofd:DocID>{identifier}</ofd:DocID><ofd:Title>{title}</ofd:Title><ofd:Author>{author}</ofd:Author>\
         <ofd:CreationDate>{date}</ofd:CreationDate><ofd:ModDate>{date}</ofd:ModDate>\
         <ofd:Creator>{PRODUCER}</ofd:Creator></ofd:DocInfo>\
         <ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>\n"
    );
    file.add("OFD.xml", manifest.as_bytes())?;
    Ok(file.zip.finish()?.into_inner())
}

/// A font of the file.
struct Font {
    /// Its number among the resources.
    id: usize,
    cut: Cut,
    /// The glyphs of characters beyond the basic plane.
    rare: BTreeMap<char, u16>,
}

fn rare(cut: &Cut, used: &FaceUse) -> BTreeMap<char, u16> {
    let beyond = used.characters.range('\u{10000}'..);
    let Ok(face) = ttf_parser::Face::parse(&cut.bytes, 0) else { return BTreeMap::new() };
    beyond.filter_map(|c| Some((*c, face.glyph_index(*c)?.0))).collect()
}

/// The zip being written.
struct File {
    zip: ZipWriter<Cursor<Vec<u8>>>,
    /// Of what is in it so far.
    hashes: [u64; 2],
}

impl File {
    fn add(&mut self, name: &str, bytes: &[u8]) -> Result<(), OfdError> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(zip::DateTime::default());
        self.zip.start_file(name, options)?;
        self.zip.write_all(bytes)?;
        self.hashes = [self.hashes[0].rotate_left(7) ^ hash(bytes), self.hashes[1] ^ hash(name.as_bytes())];
        self.hashes[1] = self.hashes[1].rotate_left(11) ^ self.hashes[0];
        Ok(())
    }
}

struct Ofd<'m, 'f> {
    metrics: &'m Metrics<'f>,
    fonts: &'m BTreeMap<FaceId, Font>,
    file: File,
    wanted: Vec<bool>,
    /// The size of each page drawn, if it was wanted.
    drawn: Vec<Option<(f64, f64)>>,
    next_id: usize,
    page: Option<Open>,
    failed: Option<OfdError>,
}

/// The page being drawn: its lines by width, in tenths of micrometres, and its texts.
struct Open {
    paper: Paper,
    lines: BTreeMap<u64, String>,
    texts: String,
}

impl Ofd<'_, '_> {
    fn id(&mut self) -> usize {
        self.next_id += 1;
        self.next_id - 1
    }
}

impl Surface for Ofd<'_, '_> {
    fn begin_page(&mut self, paper: &Paper) {
        if self.wanted.get(self.drawn.len()).copied().unwrap_or(false) {
            self.page = Some(Open { paper: *paper, lines: BTreeMap::new(), texts: String::new() });
        }
    }

    fn end_page(&mut self) {
        let number = self.drawn.len();
        let Some(page) = self.page.take() else {
            self.drawn.push(None);
            return;
        };
        let (width, height) = (page.paper.width, page.paper.height);
        let area = format!("0 0 {} {}", mm(width), mm(height));
        let mut content = format!(
            "{HEAD}<ofd:Page {SPACE}><ofd:Area><ofd:PhysicalBox>{area}</ofd:PhysicalBox></ofd:Area>\
             <ofd:Content><ofd:Layer ID=\"{}\">",
            self.id()
        );
        for (thickness, path) in &page.lines {
            #[allow(clippy::cast_precision_loss)]
            let thickness = *thickness as f64 / 10_000.0;
            let _ = write!(
                content,
                "<ofd:PathObject ID=\"{}\" Boundary=\"{area}\" LineWidth=\"{}\">\
                 <ofd:AbbreviatedData>{}</ofd:AbbreviatedData></ofd:PathObject>",
                self.id(),
                mm(thickness),
                path.trim_end()
            );
        }
        content.push_str(&page.texts);
        content.push_str("</ofd:Layer></ofd:Content></ofd:Page>\n");
        let name = format!("Doc_0/Pages/Page_{number}/Content.xml");
        if let Err(error) = self.file.add(&name, content.as_bytes()) {
            self.failed.get_or_insert(error);
        }
        self.drawn.push(Some((width, height)));
    }

    fn text(&mut self, at: Point, run: &Run<'_>) {
        if self.page.is_none() {
            return;
        }
        let em = run.size * crate::layout::MM_PER_PT;
        let mut x = at.x;
        let mut texts = String::new();
        for alike in placed(run, self.metrics).chunk_by(|a, b| a.face == b.face && same_word(a, b)) {
            let Some(font) = self.fonts.get(&alike[0].face) else { continue };
            let width: f64 = alike.iter().map(|one| one.advance + one.after).sum::<f64>() * em;
            let id = self.id();
            let _ = write!(
                texts,
                "<ofd:TextObject ID=\"{id}\" Boundary=\"{} {} {} {}\" Font=\"{}\" Size=\"{}\">",
                mm(x),
                mm(at.y - ABOVE * em),
                mm(width.max(em)),
                mm((ABOVE + BELOW) * em),
                font.id,
                mm(em)
            );
            write_codes(&mut texts, run.text, alike, font, em);
            texts.push_str("</ofd:TextObject>");
            x += width;
        }
        if let Some(page) = &mut self.page {
            page.texts.push_str(&texts);
        }
    }

    fn line(&mut self, from: Point, to: Point, width: f64) {
        let Some(page) = &mut self.page else { return };
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let thickness = (width * 10_000.0).round().max(0.0) as u64;
        let path = page.lines.entry(thickness).or_default();
        let _ = write!(path, "M {} {} L {} {} ", mm(from.x), mm(from.y), mm(to.x), mm(to.y));
    }
}

/// Whether two neighbours are written in one: both characters by themselves, or glyphs of one word.
/// Characters beyond the basic plane stand alone, because readers count them once or twice.
fn same_word(a: &Placed, b: &Placed) -> bool {
    match (a.drawn, b.drawn) {
        (Drawn::Char(one), Drawn::Char(other)) => one < '\u{10000}' && other < '\u{10000}',
        (Drawn::Glyph { word: one, .. }, Drawn::Glyph { word: other, .. }) => one == other,
        _ => false,
    }
}

/// The characters of a text, and how far each stands from the one before it. Of a joined word it is the
/// letters as they are read, and beside them the numbers of the glyphs they become.
fn write_codes(out: &mut String, text: &str, placed: &[Placed], font: &Font, em: f64) {
    let mut codes = String::new();
    let mut glyphs = Vec::new();
    for one in placed {
        match one.drawn {
            Drawn::Char(c) => {
                codes.push(c);
                glyphs.extend(font.rare.get(&c).map(u16::to_string));
            }
            Drawn::Glyph { id, word: (begin, end), .. } => {
                if glyphs.is_empty() {
                    codes.push_str(text.get(begin..end).unwrap_or_default());
                }
                glyphs.push(font.cut.glyphs.get(&id).copied().unwrap_or(0).to_string());
            }
        }
    }
    if !glyphs.is_empty() {
        let _ = write!(
            out,
            "<ofd:CGTransform CodePosition=\"0\" CodeCount=\"{}\" GlyphCount=\"{}\">\
             <ofd:Glyphs>{}</ofd:Glyphs></ofd:CGTransform>",
            codes.chars().count(),
            glyphs.len(),
            glyphs.join(" ")
        );
    }
    let _ = write!(out, "<ofd:TextCode X=\"0\" Y=\"{}\"", mm(ABOVE * em));
    let steps: Vec<&Placed> = placed.iter().take(placed.len().saturating_sub(1)).collect();
    if !steps.is_empty() {
        let across: Vec<String> = steps.iter().map(|one| mm((one.advance + one.after) * em)).collect();
        let _ = write!(out, " DeltaX=\"{}\"", deltas(&across));
        if placed.iter().any(|one| one.up.abs() > 1e-9) {
            let down: Vec<String> =
                placed.windows(2).map(|pair| mm((pair[0].up - pair[1].up) * em)).collect();
            let _ = write!(out, " DeltaY=\"{}\"", deltas(&down));
        }
    }
    let _ = write!(out, ">{}</ofd:TextCode>", xml(&codes));
}

/// Steps in a row; `g n v` stands for v, n times over.
fn deltas(steps: &[String]) -> String {
    let runs: Vec<String> = steps
        .chunk_by(|a, b| a == b)
        .map(|same| match same.len() {
            1 | 2 => same.join(" "),
            count => format!("g {count} {}", same[0]),
        })
        .collect();
    runs.join(" ")
}

/// Millimetres to a micrometre, without idle digits.
fn mm(length: f64) -> String {
    let text = format!("{length:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

fn xml(text: &str) -> std::borrow::Cow<'_, str> {
    quick_xml::escape::escape(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_written_short() {
        assert_eq!([0.0, -0.0001, 210.0, 3.175, 0.18].map(mm), ["0", "0", "210", "3.175", "0.18"]);
    }
}
