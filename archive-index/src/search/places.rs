//! Places: where on the picture of a page the words stand that were searched for.
//!
//! The index finds a page; a reader wants to see the words on its scan. The lines of a page
//! ([`crate::text::Page`]) know their areas, so a mark in the text becomes a part of the area of each line
//! it runs over. Inside a line letters are taken to stand evenly, a Han character twice as wide as a
//! Latin one: right to within a letter for print, and near enough to be found by eye elsewhere. Where a page lies askew on
//! the glass its lines fall or rise ([`Area::fall`]), and a word stands as high as its place in the line is.
//!
//! A page is given by its caller, which asked the index first: nothing here decides who may see it.

use std::ops::Range;

use super::find::Search;
use super::grammar::Node;
use super::near::Near;
use super::snippet::Marker;
use crate::text::{Area, Line, Page};

/// A height of A4 in widths of it: the shape a page is taken to have.
const TALL: f32 = 1.414;

/// Where on a page something stands that was searched for.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceOnPage {
    /// Which line of the page, from 0.
    pub line: usize,
    /// The part of the line, in shares of the page's width and height.
    pub area: Area,
    /// Whether it is there exactly; otherwise almost, with a character or two wrong.
    pub exact: bool,
}

impl Search {
    /// Where on a page the words stand that are asked for, in the order of its lines; where they stand
    /// almost, if they don't exactly. Empty when the lines have no areas (a text file) or none matches.
    pub fn places(&self, page: &Page) -> Vec<PlaceOnPage> {
        places(self.node(), page)
    }
}

fn places(node: &Node, page: &Page) -> Vec<PlaceOnPage> {
    let text = page.text();
    let mut marks = Marker::of(node).marks(&text);
    let exact = !marks.is_empty();
    if !exact {
        marks.extend(Near::of(node).and_then(|near| near.find(&text)).map(|(_, place)| place));
    }
    let mut out = Vec::new();
    let mut start = 0;
    for (index, line) in page.lines.iter().enumerate() {
        let end = start + line.text.len();
        for mark in marks.iter().filter(|mark| mark.start < end && mark.end > start) {
            let part = mark.start.max(start) - start..mark.end.min(end) - start;
            if let Some(area) = part_of(line, part) {
                out.push(PlaceOnPage { line: index, area, exact });
            }
        }
        // The lines of a page's text are parted by one byte.
        start = end + 1;
    }
    out
}

/// The part of a line's area where some of its bytes stand.
fn part_of(line: &Line, bytes: Range<usize>) -> Option<Area> {
    let area = line.area?;
    let width = |text: &str| text.chars().map(|ch| if ch.is_ascii() { 0.5_f32 } else { 1.0 }).sum::<f32>();
    let all = width(&line.text).max(0.5);
    let from = width(line.text.get(..bytes.start)?) / all;
    let share = width(line.text.get(bytes)?) / all;
    let is_column = line.text.chars().nth(1).is_some() && area.height * TALL > area.width * 1.5;
    Some(if is_column {
        let (left, width) = aside(area.left, area.width, area.fall, from, share);
        Area {
            left,
            width,
            top: area.top + area.height * from,
            height: area.height * share,
            fall: area.fall * share,
        }
    } else {
        let (top, height) = aside(area.top, area.height, area.fall, from, share);
        Area {
            left: area.left + area.width * from,
            width: area.width * share,
            top,
            height,
            fall: area.fall * share,
        }
    })
}

/// Across the line: where a part of it begins and how much it takes, of a line that takes `extent` from `edge` and falls by
/// `fall` on its way.
fn aside(edge: f32, extent: f32, fall: f32, from: f32, share: f32) -> (f32, f32) {
    // A fall that isn't of this line would leave nothing of its letters.
    let fall = fall.clamp(-0.8 * extent, 0.8 * extent);
    let begun = if fall >= 0.0 { fall * from } else { fall.abs() * (1.0 - from - share) };
    (edge + begun, extent - fall.abs() * (1.0 - share))
}

#[cfg(test)]
mod tests {
    use super::super::grammar::parse;
    use super::*;
    use crate::text::TextSource;

    fn page(lines: &[(&str, [f32; 4])]) -> Page {
        let line = |&(text, [left, top, width, height]): &(&str, [f32; 4])| Line {
            text: text.to_owned(),
            area: Some(Area { left, top, width, height, fall: 0.0 }),
        };
        Page { number: 1, lines: lines.iter().map(line).collect(), source: TextSource::TextLayer }
    }

    fn found(asked: &str, page: &Page) -> Vec<(usize, [f32; 4], bool)> {
        let round = |value: f32| (value * 1000.0).round() / 1000.0;
        let shares = |area: Area| [area.left, area.top, area.width, area.height].map(round);
        let places = places(&parse(asked).unwrap(), page);
        places.into_iter().map(|place| (place.line, shares(place.area), place.exact)).collect()
    }

    #[test]
    fn a_word_is_a_part_of_its_line_and_goes_over_to_the_next() {
        let page =
            page(&[("关于做好防汛", [0.1, 0.1, 0.6, 0.02]), ("抗旱工作的通知", [0.1, 0.2, 0.7, 0.02])]);
        assert_eq!(found("做好", &page), [(0, [0.3, 0.1, 0.2, 0.02], true)]);
        let both = [(0, [0.5, 0.1, 0.2, 0.02], true), (1, [0.1, 0.2, 0.2, 0.02], true)];
        assert_eq!(found("防汛抗旱", &page), both);
        assert_eq!(found("预算", &page), []);
    }

    #[test]
    fn a_column_is_marked_downwards_and_latin_letters_are_half_as_wide() {
        let page = page(&[("竖排公文", [0.8, 0.1, 0.03, 0.4]), ("2004年", [0.1, 0.6, 0.3, 0.02])]);
        assert_eq!(found("公文", &page), [(0, [0.8, 0.3, 0.03, 0.2], true)]);
        assert_eq!(found("2004", &page), [(1, [0.1, 0.6, 0.2, 0.02], true)]);
    }

    #[test]
    fn a_word_of_a_line_that_is_askew_stands_as_high_as_the_line_is_there() {
        let mut askew = page(&[("关于防汛工作的通知书", [0.1, 0.5, 0.8, 0.05])]);
        let mut at = |fall: f32, asked: &str| {
            askew.lines[0].area.as_mut().unwrap().fall = fall;
            let [_, top, _, height] = found(asked, &askew)[0].1;
            (top, height)
        };
        // Ten letters; the line itself is 0.02 high and falls by 0.03, or rises.
        assert_eq!(at(0.03, "关于"), (0.5, 0.026));
        assert_eq!(at(0.03, "通知"), (0.521, 0.026));
        assert_eq!(at(-0.03, "关于"), (0.524, 0.026));
        assert_eq!(at(-0.03, "知书"), (0.5, 0.026));
        assert_eq!(at(0.0, "通知"), (0.5, 0.05));
        let column = Line {
            area: Some(Area { left: 0.8, top: 0.1, width: 0.05, height: 0.4, fall: -0.02 }),
            text: "竖排公文".into(),
        };
        let leans = Page { lines: vec![column], ..page(&[]) };
        assert_eq!(found("公文", &leans), [(0, [0.8, 0.3, 0.04, 0.2], true)]);
    }

    #[test]
    fn what_stands_there_almost_is_shown_as_such() {
        let page = page(&[("做好防汎抗旱", [0.1, 0.1, 0.6, 0.02])]);
        assert_eq!(found("防汛抗旱", &page), [(0, [0.3, 0.1, 0.4, 0.02], false)]);
    }
}
