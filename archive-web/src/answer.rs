//! What goes back: a page, a JSON document, a file, or the way to another page.

use archive_core::text::Text;
use axum::body::{Body, Bytes};
use http::header::{self, HeaderName, HeaderValue};
use http::{Response, StatusCode};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde::Serialize;

use crate::failure::Failure;

/// How long what was answered may be kept by who asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    /// Not at all: what is open today may be closed tomorrow.
    Never,
    /// For good, as it is part of the program.
    Always,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    status: u16,
    media_type: &'static str,
    body: Bytes,
    keep: Keep,
    headers: Vec<(HeaderName, String)>,
}

impl Answer {
    /// A page.
    pub(crate) fn html(status: u16, page: &impl askama::Template) -> Result<Self, Failure> {
        let body = page.render().map_err(|error| broken(&error.to_string()))?.into_bytes();
        Ok(Self::of(status, "text/html; charset=utf-8", body))
    }

    /// A JSON document.
    pub(crate) fn json(status: u16, value: &impl Serialize) -> Result<Self, Failure> {
        #[derive(Serialize)]
        struct Document<'a, T> {
            schema_version: u32,
            #[serde(flatten)]
            value: &'a T,
        }
        let body = serde_json::to_vec_pretty(&Document { schema_version: 1, value })
            .map_err(|error| broken(&error.to_string()))?;
        Ok(Self::of(status, "application/json; charset=utf-8", body))
    }

    /// Some bytes.
    pub(crate) fn of(status: u16, media_type: &'static str, body: impl Into<Bytes>) -> Self {
        Self { status, media_type, body: body.into(), keep: Keep::Never, headers: Vec::new() }
    }

    /// The way to another page of this house.
    pub(crate) fn see(path: &str) -> Self {
        let mut answer = Self::of(303, "text/plain; charset=utf-8", Vec::new());
        // Only ever to a path of our own, whatever a form said.
        let own = path.starts_with('/') && !path.starts_with("//") && !path.contains('\\');
        answer.headers.push((header::LOCATION, if own { path.to_owned() } else { "/".to_owned() }));
        answer
    }

    /// With a cookie set.
    pub(crate) fn with_cookie(mut self, cookie: String) -> Self {
        self.headers.push((header::SET_COOKIE, cookie));
        self
    }

    /// As a file to be taken away under this name.
    pub(crate) fn named(mut self, name: &str) -> Self {
        let name = format!("attachment; filename*=UTF-8''{}", segment(name));
        self.headers.push((header::CONTENT_DISPOSITION, name));
        self
    }

    /// That may be kept.
    pub(crate) fn kept(mut self) -> Self {
        self.keep = Keep::Always;
        self
    }

    /// As it goes over the wire.
    pub(crate) fn into_response(self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.media_type));
        let keep = match self.keep {
            Keep::Never => "no-store",
            Keep::Always => "public, max-age=3600",
        };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
        headers.insert(header::VARY, HeaderValue::from_static("Accept, Accept-Language, Cookie"));
        for (name, value) in self.headers {
            // A value that no header can hold is left out rather than sent in part.
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.append(name, value);
            }
        }
        response
    }
}

/// A defect of the program.
pub(crate) fn broken(why: &str) -> Failure {
    Failure::Broken(Text::new(why.to_owned(), why.to_owned()))
}

/// What must be written otherwise in a part of a path.
const IN_PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'/')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}')
    .add(b'\'')
    .add(b'(')
    .add(b')')
    .add(b';')
    .add(b',')
    .add(b'&')
    .add(b'=')
    .add(b'+');

/// A part of a path, as an address writes it.
pub(crate) fn segment(written: &str) -> String {
    utf8_percent_encode(written, IN_PATH).to_string()
}

/// Names and values as they stand behind the question mark.
pub(crate) fn query(pairs: &[(String, String)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}
