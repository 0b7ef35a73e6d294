//! Printed forms, to be taken away: every form of a year, in every format.

use std::collections::BTreeSet;

use archive_core::text::Text;
use askama::Template;
use serde::Serialize;

use crate::answer::Answer;
use crate::failure::Failure;
use crate::frame::Frame;
use crate::site::Site;
use crate::visit::Visit;

/// The formats, with what they are served as.
const FORMATS: [(&str, &str); 5] = [
    ("pdf", "application/pdf"),
    ("ofd", "application/ofd"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("csv", "text/csv; charset=utf-8"),
    // Nobody's browser is to run what stands in a title.
    ("html", "application/octet-stream"),
];

#[derive(Debug, Serialize)]
struct Line {
    form: &'static str,
    title: String,
    formats: Vec<&'static str>,
}

#[derive(Template, Serialize)]
#[template(path = "staff/forms.html")]
struct Page {
    #[serde(skip)]
    frame: Frame,
    years: Vec<i32>,
    year: Option<i32>,
    forms: Vec<Line>,
}

/// The forms there are, of the years there are.
pub(crate) fn page(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let shelves = site.shelves(visit.asker())?;
    let own = site.read(|repository| Ok(repository.own_fonds().to_owned()))?;
    // Only numbered volumes are printed.
    let years: BTreeSet<i32> = shelves
        .fonds(&own)
        .into_iter()
        .flat_map(|fonds| fonds.years.values())
        .flat_map(|year| &year.volumes)
        .filter(|volume| volume.code.is_some())
        .map(|volume| volume.year)
        .collect();
    let year = visit.asked("year").and_then(|year| year.parse().ok()).filter(|year| years.contains(year));
    let page = Page {
        frame: visit.frame(&Text::fixed("打印", "Printing")),
        year: year.or_else(|| years.last().copied()),
        years: years.into_iter().collect(),
        forms: site
            .settings
            .backroom
            .forms()
            .into_iter()
            .map(|form| Line {
                form: form.name,
                title: visit.say(&form.title),
                formats: FORMATS
                    .iter()
                    .map(|(format, _)| *format)
                    .filter(|format| !(form.is_label && *format == "csv"))
                    .collect(),
            })
            .collect(),
    };
    visit.show(&page, &page)
}

/// One form.
pub(crate) fn print(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let year: i32 = visit.part("year").parse().map_err(|_| Failure::NotFound)?;
    let backroom = &site.settings.backroom;
    let form = visit.part("form");
    let known = backroom.forms().into_iter().any(|known| known.name == form);
    let format = FORMATS.iter().find(|(format, _)| *format == visit.part("format"));
    let (true, Some((format, media_type))) = (known, format) else { return Err(Failure::NotFound) };
    let files = backroom.print(year, form, format, visit.lang).map_err(Failure::refused)?;
    // A form is one file in each of these formats, unless it comes apart by volumes: then the first is it.
    let file = files
        .into_iter()
        .next()
        .ok_or_else(|| Failure::refused(Text::fixed("这一年没有这种表", "this year has no such form")))?;
    Ok(Answer::of(200, media_type, file.bytes).named(&file.name))
}
