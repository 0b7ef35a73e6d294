//! OFD (版式文件, GB/T 33190-2016): the text of its pages, what is signed and attached.
//!
//! The standard is one thing and what lies about in offices another. Met in real files and read here: two
//! namespaces, paths from the root or from the wrong place, parts that are listed and missing, text that
//! stands only in templates, annotations or composite objects, the short form of letter distances.

use std::collections::BTreeMap;

use archive_core::text;

use super::guard::{Watch, damaged};
use super::package::Package;
use super::xml::Element;
use super::{Area, Line, NoText, Page, Read, TextSource};

pub(super) fn read(bytes: &[u8], watch: &Watch) -> Result<Read, NoText> {
    let mut file = Ofd::open(bytes, watch)?;
    let manifest = file.part("", "OFD.xml")?.ok_or_else(|| damaged("OFD.xml"))?;
    let mut read = Read::default();
    for body in manifest.1.elements().filter(|element| element.name == "DocBody") {
        if let Some(root) = body.first("DocRoot") {
            file.document(root.text().trim(), &mut read, watch)?;
        }
        if let Some(list) = body.first("Signatures")
            && let Some((_, signatures)) = file.part("", list.text().trim())?
        {
            let mut all = Vec::new();
            signatures.all("Signature", &mut all);
            let count = all.len();
            if count > 0 {
                read.noticed.push(text!("有 {count} 个签章（未验证）", "{count} signatures, not verified"));
            }
        }
    }
    if read.pages.is_empty() && read.stopped.is_none() {
        return Err(damaged("no pages"));
    }
    Ok(read)
}

struct Ofd<'a> {
    package: Package<'a>,
    /// Parts by their path in small letters, since some files don't keep to theirs.
    names: BTreeMap<String, String>,
    watch: &'a Watch,
}

/// Where a letter run stands on the paper, in millimetres.
#[derive(Debug, Clone, Copy)]
struct Box {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
}

impl<'a> Ofd<'a> {
    fn open(bytes: &'a [u8], watch: &'a Watch) -> Result<Self, NoText> {
        let package = Package::open(bytes, watch)?;
        let names =
            package.names().into_iter().map(|name| (plain_path(&name).to_lowercase(), name)).collect();
        Ok(Self { package, names, watch })
    }

    /// A part that `from` refers to, and its path. Tried from the folder of `from`, from the root, and
    /// then by its end.
    fn part(&mut self, from: &str, reference: &str) -> Result<Option<(String, Element)>, NoText> {
        let reference = plain_path(reference);
        if reference.is_empty() {
            return Ok(None);
        }
        let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
        let near = plain_path(&format!("{folder}/{reference}")).to_lowercase();
        let root = reference.to_lowercase();
        let tail = format!("/{root}");
        let name = self
            .names
            .get(&near)
            .or_else(|| self.names.get(&root))
            .or_else(|| self.names.iter().find(|(path, _)| path.ends_with(&tail)).map(|(_, name)| name));
        let Some(name) = name.cloned() else { return Ok(None) };
        let path = plain_path(&name);
        match self.package.xml(&name) {
            Ok(xml) => Ok(xml.map(|xml| (path, xml))),
            // A damaged part is as good as a missing one; what is left is still read.
            Err(NoText::Damaged(_)) => Ok(None),
            Err(other) => Err(other),
        }
    }

    fn document(&mut self, root: &str, read: &mut Read, watch: &Watch) -> Result<(), NoText> {
        let Some((path, document)) = self.part("", root)? else {
            read.stopped = Some(damaged("Document.xml"));
            return Ok(());
        };
        let common = document.first("CommonData");
        let paper = common.and_then(|common| common.first("PageArea")).and_then(physical_box);
        let mut composites = BTreeMap::new();
        for resource in common.into_iter().flat_map(Element::elements) {
            if matches!(resource.name.as_str(), "PublicRes" | "DocumentRes")
                && let Some((_, resource)) = self.part(&path, resource.text().trim())?
            {
                let mut units = Vec::new();
                resource.all("CompositeGraphicUnit", &mut units);
                for unit in units {
                    if let Some(id) = unit.get("ID") {
                        composites.insert(id.to_owned(), unit.clone());
                    }
                }
            }
        }
        let mut templates = BTreeMap::new();
        for template in common.into_iter().flat_map(Element::elements).filter(|e| e.name == "TemplatePage") {
            if let (Some(id), Some(place)) = (template.get("ID"), template.get("BaseLoc"))
                && let Some((_, content)) = self.part(&path, place)?
            {
                templates.insert(id.to_owned(), content);
            }
        }
        let annotations = self.annotations(&path, &document)?;
        let mut list = Vec::new();
        if let Some(pages) = document.first("Pages") {
            pages.all("Page", &mut list);
        }
        for page in list {
            watch.check()?;
            if read.pages.len() >= watch.limits().pages {
                read.stopped = Some(NoText::TooLarge);
                return Ok(());
            }
            let number = u32::try_from(read.pages.len() + 1).unwrap_or(u32::MAX);
            let content = match page.get("BaseLoc") {
                Some(place) => self.part(&path, place)?,
                None => None,
            };
            let Some((_, content)) = content else {
                let lost = TextSource::None(damaged("Content.xml"));
                read.pages.push(Page { number, lines: Vec::new(), source: lost });
                continue;
            };
            let paper = content.first("Area").and_then(physical_box).or(paper);
            let mut found = Objects { composites: &composites, paper, lines: Vec::new(), pictures: 0 };
            for template in content.elements().filter(|element| element.name == "Template") {
                if let Some(drawn) = template.get("TemplateID").and_then(|id| templates.get(id)) {
                    found.layers(drawn);
                }
            }
            found.layers(&content);
            for drawn in page.get("ID").and_then(|id| annotations.get(id)).into_iter().flatten() {
                found.objects(drawn, (0.0, 0.0), 0);
            }
            let source = match (found.lines.is_empty(), found.pictures) {
                (false, _) => TextSource::BornDigital,
                (true, 0) => TextSource::None(NoText::Blank),
                (true, _) => TextSource::None(NoText::Picture),
            };
            read.pages.push(Page { number, lines: found.in_order(), source });
        }
        self.attachments(&path, &document, read)
    }

    /// What annotations draw, by the page's identifier.
    fn annotations(
        &mut self,
        path: &str,
        document: &Element,
    ) -> Result<BTreeMap<String, Vec<Element>>, NoText> {
        let mut out: BTreeMap<String, Vec<Element>> = BTreeMap::new();
        let Some(list) = document.first("Annotations") else { return Ok(out) };
        let Some((list_path, list)) = self.part(path, list.text().trim())? else { return Ok(out) };
        for page in list.elements().filter(|element| element.name == "Page") {
            self.watch.check()?;
            if let (Some(id), Some(file)) = (page.get("PageID"), page.first("FileLoc"))
                && let Some((_, annotations)) = self.part(&list_path, file.text().trim())?
            {
                let mut drawn = Vec::new();
                for annotation in annotations.elements().filter(|annotation| is_visible(annotation)) {
                    annotation.all("Appearance", &mut drawn);
                }
                out.entry(id.to_owned()).or_default().extend(drawn.into_iter().cloned());
            }
        }
        Ok(out)
    }

    fn attachments(&mut self, path: &str, document: &Element, read: &mut Read) -> Result<(), NoText> {
        let Some(list) = document.first("Attachments") else { return Ok(()) };
        let Some((_, list)) = self.part(path, list.text().trim())? else { return Ok(()) };
        for attachment in list.elements().filter(|element| element.name == "Attachment") {
            let name = attachment.get("Name").unwrap_or("?");
            read.noticed.push(text!("有附件：{name}", "an attachment: {name}"));
        }
        Ok(())
    }
}

/// What is drawn on one page.
struct Objects<'a> {
    composites: &'a BTreeMap<String, Element>,
    paper: Option<Box>,
    lines: Vec<(Box, String)>,
    pictures: usize,
}

impl Objects<'_> {
    fn layers(&mut self, content: &Element) {
        let Some(content) = content.first("Content") else { return };
        self.objects(content, (0.0, 0.0), 0);
    }

    fn objects(&mut self, parent: &Element, origin: (f64, f64), depth: usize) {
        if depth > 16 {
            return;
        }
        for object in parent.elements().filter(|object| is_visible(object)) {
            match object.name.as_str() {
                "TextObject" => self.text(object, origin),
                "ImageObject" | "PathObject" => self.pictures += 1,
                "CompositeObject" => {
                    let place = boundary(object).map_or(origin, |b| (origin.0 + b.left, origin.1 + b.top));
                    let drawn = object.get("ResourceID").and_then(|id| self.composites.get(id));
                    if let Some(content) = drawn.and_then(|unit| unit.first("Content")) {
                        self.objects(content, place, depth + 1);
                    }
                }
                "Layer" | "PageBlock" | "Appearance" | "Content" => self.objects(object, origin, depth + 1),
                _ => {}
            }
        }
    }

    fn text(&mut self, object: &Element, origin: (f64, f64)) {
        let place = boundary(object).unwrap_or(Box { left: 0.0, top: 0.0, width: 0.0, height: 0.0 });
        let size = object.get("Size").and_then(|size| size.parse().ok()).unwrap_or(3.0_f64);
        for code in object.elements().filter(|element| element.name == "TextCode") {
            let text = code.text();
            if text.trim().is_empty() {
                continue;
            }
            let number = |name: &str| code.get(name).and_then(|value| value.trim().parse::<f64>().ok());
            let spread = |name: &str| deltas(code.get(name).unwrap_or_default()).iter().sum::<f64>();
            let (left, base) = (number("X").unwrap_or(0.0), number("Y").unwrap_or(size));
            let area = Box {
                left: origin.0 + place.left + left,
                top: origin.1 + place.top + base - size,
                width: spread("DeltaX") + size,
                height: spread("DeltaY") + size,
            };
            self.lines.push((area, text));
        }
    }

    /// The runs in reading order: those that stand beside each other are one line, lines from the top.
    ///
    /// Producers cut a line into runs as they like, and write the runs in any order; but a page that is
    /// written downwards keeps the order of the file.
    fn in_order(mut self) -> Vec<Line> {
        let vertical = self
            .lines
            .iter()
            .filter(|(area, text)| area.height > area.width * 2.0 && text.chars().count() > 1);
        if vertical.count() * 2 <= self.lines.len() {
            let key = |area: &Box| (area.top + area.height, area.left);
            self.lines
                .sort_by(|(a, _), (b, _)| key(a).partial_cmp(&key(b)).unwrap_or(std::cmp::Ordering::Equal));
            let mut rows: Vec<Vec<(Box, String)>> = Vec::new();
            for run in std::mem::take(&mut self.lines) {
                match rows.last_mut() {
                    Some(row) if row.first().is_some_and(|(first, _)| same_row(first, &run.0)) => {
                        row.push(run);
                    }
                    _ => rows.push(vec![run]),
                }
            }
            for row in &mut rows {
                row.sort_by(|(a, _), (b, _)| {
                    a.left.partial_cmp(&b.left).unwrap_or(std::cmp::Ordering::Equal)
                });
                let mut joined: Vec<(Box, String)> = Vec::new();
                for (area, text) in row.drain(..) {
                    match joined.last_mut() {
                        // Runs further apart than two letters are cells of a table or columns.
                        // Runs that lie on each other are a form and what was filled in.
                        Some((before, line)) if adjoins(before, &area) => {
                            before.width = (area.left + area.width - before.left).max(before.width);
                            line.push_str(&text);
                        }
                        _ => joined.push((area, text)),
                    }
                }
                self.lines.append(&mut joined);
            }
        }
        let paper = self.paper;
        let placed = self
            .lines
            .into_iter()
            .map(|(area, text)| Line { text, area: paper.map(|paper| share(&area, &paper)) });
        placed.collect()
    }
}

fn adjoins(before: &Box, after: &Box) -> bool {
    let gap = after.left - (before.left + before.width);
    gap < after.height * 2.0 && gap > -after.height
}

fn same_row(a: &Box, b: &Box) -> bool {
    let (a_base, b_base) = (a.top + a.height, b.top + b.height);
    (a_base - b_base).abs() < a.height.min(b.height) * 0.5
}

fn share(area: &Box, paper: &Box) -> Area {
    let part = |part: f64, whole: f64| {
        #[expect(clippy::cast_possible_truncation, reason = "a share between 0 and 1")]
        {
            (part / whole.max(0.1)).clamp(0.0, 1.0) as f32
        }
    };
    Area {
        left: part(area.left, paper.width),
        top: part(area.top, paper.height),
        width: part(area.width, paper.width),
        height: part(area.height, paper.height),
        fall: 0.0,
    }
}

fn is_visible(object: &Element) -> bool {
    object.get("Visible") != Some("false")
}

fn physical_box(area: &Element) -> Option<Box> {
    let physical = area.first("PhysicalBox").or_else(|| area.first("ApplicationBox"))?;
    box_of(&physical.text())
}

fn boundary(object: &Element) -> Option<Box> {
    box_of(object.get("Boundary")?)
}

fn box_of(four: &str) -> Option<Box> {
    let numbers: Vec<f64> =
        four.split_whitespace().map(|number| number.parse().ok()).collect::<Option<_>>()?;
    match *numbers.as_slice() {
        [left, top, width, height] => Some(Box { left, top, width, height }),
        _ => None,
    }
}

/// Distances between letters; `g n v` stands for n times v.
fn deltas(list: &str) -> Vec<f64> {
    let mut out = Vec::new();
    let mut words = list.split_whitespace();
    while let Some(word) = words.next() {
        if word == "g" {
            let count = words.next().and_then(|count| count.parse::<usize>().ok()).unwrap_or(0).min(100_000);
            let value = words.next().and_then(|value| value.parse().ok()).unwrap_or(0.0);
            out.extend(std::iter::repeat_n(value, count));
        } else if let Ok(value) = word.parse() {
            out.push(value);
        }
    }
    out
}

/// A path with single forward slashes, no leading one, `.` and `..` resolved inside the package.
fn plain_path(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.trim().split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_have_a_short_form() {
        assert_eq!(deltas("1.5 g 3 2 4"), [1.5, 2.0, 2.0, 2.0, 4.0]);
        assert_eq!(deltas("g 99999999999999999999 1"), Vec::<f64>::new());
    }

    #[test]
    fn paths_stay_inside_the_package() {
        assert_eq!(plain_path("/Doc_0/../../Doc_0\\Pages/./p.xml"), "Doc_0/Pages/p.xml");
    }
}
