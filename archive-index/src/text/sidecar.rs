//! ALTO, hOCR and PAGE XML: text of a picture that others have recognised, lying beside it in a file of
//! its own.
//!
//! All three give lines with places in the units of the picture; here they become the same lines as our
//! own, in shares of the page. Recognisers set a blank between any two words, and each Han character is a
//! word to some of them: blanks stay only where two Latin words meet.

use super::guard::{Watch, damaged};
use super::plain::decode;
use super::xml::{Element, parse};
use super::{Area, Line, NoText, Page, Read, TextSource};
use crate::identify::{Encoding, Family};

/// Reads a file that may be one; nothing if it is other XML or HTML.
pub(super) fn read(
    bytes: &[u8],
    encoding: Encoding,
    family: Family,
    watch: &Watch,
) -> Option<Result<Read, NoText>> {
    let text = decode(bytes, encoding);
    let start: String = text.chars().take(4_000).collect();
    let reader: fn(&Element) -> Vec<Page> = match family {
        Family::Html if start.contains("ocr_page") || start.contains("ocr-system") => hocr,
        Family::Xml if start.contains("alto") && text.contains("<Layout") => alto,
        Family::Xml if start.contains("alto") && text.contains(":Layout") => alto,
        Family::Xml if start.contains("PcGts") => page_xml,
        _ => return None,
    };
    let read = parse(&text).and_then(|root| {
        watch.check()?;
        let pages = reader(&root);
        if pages.is_empty() { Err(damaged("no pages")) } else { Ok(Read { pages, ..Read::default() }) }
    });
    Some(read)
}

/// Whether a file, by its name, is the text of a picture: the same name with another ending (`p1.tif` and
/// `p1.xml`, `p1.alto.xml`, `p1.tif.xml`, `p1.hocr`), also in a folder of its own beside it (`page/p1.xml`).
pub fn belongs(picture: &str, sidecar: &str) -> bool {
    fn name(path: &str) -> &str {
        path.rsplit(['/', '\\']).next().unwrap_or(path)
    }
    let picture = name(picture);
    let stem = picture.rsplit_once('.').map_or(picture, |(stem, _)| stem);
    let sidecar = name(sidecar);
    [picture, stem].iter().any(|stem| {
        let rest = sidecar.strip_prefix(stem).map(str::to_ascii_lowercase);
        rest.is_some_and(|rest| {
            let ending = ["", ".alto", ".page", ".hocr"].iter().find_map(|kind| {
                rest.strip_prefix(kind).filter(|ending| matches!(*ending, ".xml" | ".html" | ".hocr"))
            });
            ending.is_some()
        })
    })
}

/// A page as it is put together.
#[derive(Default)]
struct Draft {
    lines: Vec<Line>,
    sure: f32,
    words: f32,
}

impl Draft {
    fn sure(&mut self, confidence: Option<f32>) {
        if let Some(confidence) = confidence.filter(|sure| (0.0..=1.0).contains(sure)) {
            self.sure += confidence;
            self.words += 1.0;
        }
    }

    fn line(&mut self, text: &str, area: Option<Area>) {
        if !text.trim().is_empty() {
            self.lines.push(Line { text: text.trim().to_owned(), area });
        }
    }

    fn page(self, number: usize, producer: &str) -> Page {
        let source = TextSource::Sidecar {
            producer: producer.to_owned(),
            confidence: (self.words > 0.0).then(|| self.sure / self.words),
        };
        Page { number: u32::try_from(number).unwrap_or(u32::MAX), lines: self.lines, source }
    }
}

/// A place in the picture's units, as shares of it.
fn area([left, top, right, bottom]: [f32; 4], (width, height): (f32, f32)) -> Option<Area> {
    (width > 0.0 && height > 0.0 && right >= left && bottom >= top).then(|| Area {
        left: (left / width).clamp(0.0, 1.0),
        top: (top / height).clamp(0.0, 1.0),
        width: ((right - left) / width).clamp(0.0, 1.0),
        height: ((bottom - top) / height).clamp(0.0, 1.0),
        fall: 0.0,
    })
}

/// Adds a word to a line, after a blank where two Latin words meet.
fn add(line: &mut String, word: &str) {
    let latin = |ch: Option<char>| ch.is_some_and(|ch| ch.is_ascii_alphanumeric());
    let word = word.trim();
    if latin(line.chars().next_back()) && latin(word.chars().next()) {
        line.push(' ');
    }
    line.push_str(word);
}

fn number(element: &Element, name: &str) -> Option<f32> {
    element.get(name)?.trim().parse().ok().filter(|value: &f32| value.is_finite())
}

fn all<'a>(element: &'a Element, name: &str) -> Vec<&'a Element> {
    let mut found = Vec::new();
    element.all(name, &mut found);
    found
}

fn words_of(element: &Element, name: &str) -> Option<String> {
    let text = all(element, name).first()?.text();
    Some(text.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|text| !text.is_empty())
}

fn alto(root: &Element) -> Vec<Page> {
    let parts = ["softwareName", "softwareVersion"].into_iter().filter_map(|name| words_of(root, name));
    let producer = parts.collect::<Vec<_>>().join(" ");
    let producer = if producer.is_empty() { "ALTO".to_owned() } else { producer };
    let pages = all(root, "Page").into_iter().enumerate().map(|(index, page)| {
        let size = (number(page, "WIDTH").unwrap_or(0.0), number(page, "HEIGHT").unwrap_or(0.0));
        let mut draft = Draft::default();
        for line in all(page, "TextLine") {
            let mut text = String::new();
            for part in line.elements() {
                match part.name.as_str() {
                    "String" => {
                        add(&mut text, part.get("CONTENT").unwrap_or_default());
                        draft.sure(number(part, "WC"));
                    }
                    "HYP" => text.push_str(part.get("CONTENT").unwrap_or("-")),
                    _ => {}
                }
            }
            let place = || {
                let (left, top) = (number(line, "HPOS")?, number(line, "VPOS")?);
                let (wide, high) = (number(line, "WIDTH")?, number(line, "HEIGHT")?);
                area([left, top, left + wide, top + high], size)
            };
            draft.line(&text, place());
        }
        draft.page(index + 1, &producer)
    });
    pages.collect()
}

fn page_xml(root: &Element) -> Vec<Page> {
    let producer = words_of(root, "Creator").unwrap_or_else(|| "PAGE".to_owned());
    let pages = all(root, "Page").into_iter().enumerate().map(|(index, page)| {
        let size = (number(page, "imageWidth").unwrap_or(0.0), number(page, "imageHeight").unwrap_or(0.0));
        let mut order: Vec<(f32, &str)> = all(page, "RegionRefIndexed")
            .into_iter()
            .filter_map(|entry| Some((number(entry, "index")?, entry.get("regionRef")?)))
            .collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut regions = all(page, "TextRegion");
        // Regions the order doesn't name come last, as they stand.
        regions.sort_by_key(|region| {
            let id = region.get("id").unwrap_or_default();
            order.iter().position(|(_, named)| *named == id).unwrap_or(usize::MAX)
        });
        let mut draft = Draft::default();
        for region in regions {
            let lines: Vec<&Element> =
                region.elements().filter(|element| element.name == "TextLine").collect();
            let parts = if lines.is_empty() { vec![region] } else { lines };
            for line in parts {
                let Some(given) = line.first("TextEquiv") else { continue };
                draft.sure(number(given, "conf"));
                let text = given.first("Unicode").map(Element::text).unwrap_or_default();
                let place = line.first("Coords").and_then(|coords| outline(coords.get("points")?));
                for text in text.lines() {
                    draft.line(text, place.and_then(|place| area(place, size)));
                }
            }
        }
        draft.page(index + 1, &producer)
    });
    pages.collect()
}

/// The rectangle round a row of points: `10,20 30,20 …`.
fn outline(points: &str) -> Option<[f32; 4]> {
    let mut round: Option<[f32; 4]> = None;
    for point in points.split_whitespace() {
        let (x, y) = point.split_once(',')?;
        let (x, y): (f32, f32) = (x.parse().ok()?, y.parse().ok()?);
        let [left, top, right, bottom] = round.unwrap_or([x, y, x, y]);
        round = Some([left.min(x), top.min(y), right.max(x), bottom.max(y)]);
    }
    round
}

/// A page of an hOCR file: what is on it, where it begins, how large it is.
type Leaf = (Draft, (f32, f32), (f32, f32));

fn hocr(root: &Element) -> Vec<Page> {
    let system = all(root, "meta").into_iter().find(|meta| meta.get("name") == Some("ocr-system"));
    let producer = system.and_then(|meta| meta.get("content")).unwrap_or("hOCR").to_owned();
    let mut pages: Vec<Leaf> = Vec::new();
    gather(root, &mut pages);
    pages.into_iter().enumerate().map(|(index, (draft, ..))| draft.page(index + 1, &producer)).collect()
}

/// Takes pages and lines in the order they stand. HTML isn't always nested as it should be, so a line
/// belongs to the page that began last.
fn gather(element: &Element, pages: &mut Vec<Leaf>) {
    let is = |kinds: &[&str]| {
        element.get("class").is_some_and(|class| class.split_whitespace().any(|one| kinds.contains(&one)))
    };
    let place = || property(element, "bbox").and_then(|values| <[f32; 4]>::try_from(values).ok());
    if is(&["ocr_page"]) {
        let [left, top, right, bottom] = place().unwrap_or_default();
        pages.push((Draft::default(), (left, top), (right - left, bottom - top)));
    } else if is(&["ocr_line", "ocr_header", "ocr_caption", "ocr_textfloat"]) {
        if let Some((draft, origin, size)) = pages.last_mut() {
            let mut text = String::new();
            words(element, &mut text, draft);
            let place = place().and_then(|[left, top, right, bottom]| {
                area([left - origin.0, top - origin.1, right - origin.0, bottom - origin.1], *size)
            });
            draft.line(&text, place);
        }
        return;
    }
    for inside in element.elements() {
        gather(inside, pages);
    }
}

/// The words of a line; its own text, if it isn't parted into words.
fn words(line: &Element, into: &mut String, draft: &mut Draft) {
    let spans = all(line, "span");
    let words =
        spans.iter().filter(|span| span.get("class").is_some_and(|class| class.contains("ocrx_word")));
    let mut any = false;
    for word in words {
        any = true;
        add(into, &word.text());
        let sure = property(word, "x_wconf").and_then(|values| values.first().copied());
        draft.sure(sure.map(|percent| percent / 100.0));
    }
    if !any {
        for word in line.text().split_whitespace() {
            add(into, word);
        }
    }
}

/// The numbers of a property: `title="bbox 10 20 30 40; x_wconf 95"`.
fn property(element: &Element, name: &str) -> Option<Vec<f32>> {
    let all = element.get("title")?.split(';').map(str::trim);
    let values = all.into_iter().find_map(|one| one.strip_prefix(name)?.strip_prefix(' '))?;
    values.split_whitespace().map(|value| value.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Limits, extract};
    use super::*;

    fn only_page(file: &str, name: &str) -> Page {
        let read = extract(file.as_bytes().to_vec(), name, &Limits::default());
        assert_eq!((read.pages.len(), &read.stopped), (1, &None), "{name}");
        read.pages.into_iter().next().unwrap()
    }

    fn shown(page: &Page) -> Vec<(&str, [i32; 4])> {
        #[expect(clippy::cast_possible_truncation, reason = "hundredths")]
        let hundredths = |share: f32| (share * 100.0).round() as i32;
        let place = |line: &Line| {
            let area = line.area.unwrap();
            [area.left, area.top, area.width, area.height].map(hundredths)
        };
        page.lines.iter().map(|line| (line.text.as_str(), place(line))).collect()
    }

    #[test]
    fn alto_gives_lines_with_places_and_who_read_them() {
        let page = only_page(
            r#"<?xml version="1.0" encoding="UTF-8"?><alto xmlns="http://www.loc.gov/standards/alto/ns-v4#">
            <Description><OCRProcessing ID="1"><ocrProcessingStep><processingSoftware>
            <softwareName>tesseract</softwareName><softwareVersion>5.3.0</softwareVersion>
            </processingSoftware></ocrProcessingStep></OCRProcessing></Description>
            <Layout><Page WIDTH="1000" HEIGHT="2000" PHYSICAL_IMG_NR="0"><PrintSpace><ComposedBlock><TextBlock>
            <TextLine HPOS="100" VPOS="200" WIDTH="500" HEIGHT="40"><String CONTENT="防" WC="0.9"/><SP/>
            <String CONTENT="汛" WC="0.7"/><SP/><String CONTENT="of"/><SP/><String CONTENT="2004"/></TextLine>
            </TextBlock></ComposedBlock></PrintSpace></Page></Layout></alto>"#,
            "p1.xml",
        );
        assert_eq!(shown(&page), [("防汛of 2004", [10, 10, 50, 2])]);
        let TextSource::Sidecar { producer, confidence } = page.source else { panic!("{:?}", page.source) };
        assert_eq!(producer, "tesseract 5.3.0");
        assert!(confidence.is_some_and(|sure| (sure - 0.8).abs() < 0.01), "{confidence:?}");
    }

    #[test]
    fn page_xml_is_read_in_its_reading_order() {
        let page = only_page(
            r#"<?xml version="1.0"?><PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15">
            <Metadata><Creator>某识别软件 2.0</Creator></Metadata>
            <Page imageFilename="p1.tif" imageWidth="1000" imageHeight="1000">
            <ReadingOrder><OrderedGroup id="g"><RegionRefIndexed index="0" regionRef="right"/>
            <RegionRefIndexed index="1" regionRef="left"/></OrderedGroup></ReadingOrder>
            <TextRegion id="left"><TextLine><Coords points="100,100 200,100 200,150 100,150"/>
            <Word><TextEquiv><Unicode>后</Unicode></TextEquiv></Word>
            <TextEquiv conf="0.5"><Unicode>后面的</Unicode></TextEquiv></TextLine></TextRegion>
            <TextRegion id="right"><Coords points="500,100 600,100 600,300 500,300"/>
            <TextEquiv><Unicode>前面的</Unicode></TextEquiv></TextRegion></Page></PcGts>"#,
            "p1.xml",
        );
        assert_eq!(shown(&page), [("前面的", [50, 10, 10, 20]), ("后面的", [10, 10, 10, 5])]);
    }

    #[test]
    fn hocr_gives_its_lines_whether_parted_into_words_or_not() {
        let page = only_page(
            r#"<!DOCTYPE html><html><head><meta name="ocr-system" content="tesseract 5.3.0"/></head><body>
            <div class="ocr_page" title='image "p1.jpg"; bbox 0 0 1000 1000; ppageno 0'>
            <p class="ocr_par"><span class="ocr_line" title="bbox 100 100 300 150; baseline 0 0">
            <span class="ocrx_word" title="bbox 100 100 200 150; x_wconf 90">县</span>
            <span class="ocrx_word" title="bbox 200 100 300 150; x_wconf 70">政府</span></span>
            <span class="ocr_line" title="bbox 100 200 300 250">办 公 室</span></p></div></body></html>"#,
            "p1.hocr",
        );
        assert_eq!(shown(&page), [("县政府", [10, 10, 20, 5]), ("办公室", [10, 20, 20, 5])]);
    }

    #[test]
    fn other_xml_is_no_sidecar_and_names_tell_what_belongs_together() {
        let page = only_page("<?xml version='1.0'?><公文><标题>关于alto的通知</标题></公文>", "a.xml");
        assert_eq!(page.source, TextSource::BornDigital);
        for name in ["p1.xml", "p1.alto.xml", "p1.jpg.xml", "p1.hocr", "page/p1.xml", "p1.page.XML"] {
            assert!(belongs("案卷/p1.jpg", name), "{name}");
        }
        for name in ["p10.xml", "p1.txt", "p1.jpg", "p.xml"] {
            assert!(!belongs("案卷/p1.jpg", name), "{name}");
        }
    }
}
