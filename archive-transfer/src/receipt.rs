//! The receipt (回执): what the receiving side answers, for people to sign and for the sender to file.
//!
//! A package is accepted, or sent back with its faults (X2). Either way the receipt names the package by
//! the digest of its manifest, so that it can't be taken for another. It is signed on paper, and with the
//! office's key where there is one ([`signature`](crate::signature)).

use archive_core::finding::{Counts, Finding, Severity};
use archive_core::text;
use archive_core::text::{Lang, Text};
use chrono::NaiveDate;
use quick_xml::escape::escape;
use serde::{Deserialize, Serialize};

use crate::receive::PackageReader;
use crate::said::json_fault;
use crate::signature::{Judgement, Standing};
use crate::verify::{CheckResult, Verification};

/// What the receiving side decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Taken in whole.
    Accepted,
    /// Sent back with its faults; nothing was taken in.
    Returned,
}

/// Who received, when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reception {
    /// The archives.
    pub archives: String,
    /// Who received.
    pub received_by: String,
    /// When.
    pub received_on: NaiveDate,
    /// The receiver's own number for it, if it gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accession: Option<String>,
    /// Why it is taken in with its faults, if it is (X2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_spite_of_faults: Option<String>,
}

/// The sender's signature, as the receiver found it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenSignature {
    /// Who signed for the sender.
    pub signer: String,
    /// When.
    pub signed_on: Option<NaiveDate>,
    /// The fingerprint of the key.
    pub fingerprint: String,
    /// Whether the receiver has made sure whose key it is.
    pub known: bool,
}

impl SeenSignature {
    /// What is to be said of a signature that holds; nothing where there is none, or it doesn't.
    pub fn of(judged: &Judgement) -> Option<Self> {
        matches!(judged.standing, Standing::Known | Standing::Unknown).then(|| Self {
            signer: judged.signer.clone(),
            signed_on: judged.signed_on,
            fingerprint: judged.fingerprint.clone(),
            known: judged.standing == Standing::Known,
        })
    }
}

/// A test and its result, as the receipt keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptCheck {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// `pass`, `fail` or `manual`.
    pub result: CheckResult,
    /// In words.
    pub detail: String,
}

/// The answer to a package.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    /// The version of this form.
    pub schema_version: u32,
    /// The package's name.
    pub package: String,
    /// The SHA-256 of its manifest: see [`PackageReader::fingerprint`].
    pub fingerprint: String,
    /// The sender.
    pub sender: String,
    /// 全宗号.
    pub fonds: String,
    /// What was decided.
    pub outcome: Outcome,
    /// Who received, when.
    pub reception: Reception,
    /// The sender's signature, if it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<SeenSignature>,
    /// Volumes in it.
    pub volumes: u64,
    /// Items in it.
    pub items: u64,
    /// Files of items in it.
    pub files: u64,
    /// Length of the whole.
    pub bytes: u64,
    /// The tests of DA/T 70.
    pub checks: Vec<ReceiptCheck>,
    /// Everything found.
    pub findings: Vec<Finding>,
}

/// A receipt that can't be read.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub struct NotAReceipt(#[from] serde_json::Error);

impl NotAReceipt {
    /// What is wrong with it.
    pub fn message(&self) -> Text {
        let Text { zh, en } = json_fault(&self.0);
        text!("不是回执，或已损坏：{zh}", "no receipt, or a damaged one: {en}")
    }
}

impl Receipt {
    /// Answers a package: accepted if it is valid or taken in in spite of its faults, else sent back.
    /// `package` is absent where it couldn't be opened; `shown` is then its name.
    pub fn new(
        verification: &Verification,
        package: Option<&PackageReader>,
        shown: &str,
        reception: Reception,
    ) -> Self {
        let record = package.map(PackageReader::record);
        let accepted = record.is_some() && (verification.valid || reception.in_spite_of_faults.is_some());
        let text = |text: &archive_core::text::Text| text.in_lang(Lang::Zh).to_owned();
        Self {
            schema_version: 1,
            package: record.map_or_else(|| shown.to_owned(), |record| record.id.clone()),
            fingerprint: package.and_then(|package| package.fingerprint().ok()).unwrap_or_default(),
            sender: record.map(|record| record.institution.name.clone()).unwrap_or_default(),
            fonds: record.map(|record| record.institution.fonds.clone()).unwrap_or_default(),
            outcome: if accepted { Outcome::Accepted } else { Outcome::Returned },
            reception,
            signature: None,
            volumes: record.map_or(0, |record| record.volumes),
            items: record.map_or(0, |record| record.items),
            files: record.map_or(0, |record| record.files),
            bytes: verification.facts.bytes,
            checks: verification
                .checks
                .iter()
                .map(|check| ReceiptCheck {
                    code: check.code.clone(),
                    name: text(&check.name),
                    result: check.result,
                    detail: text(&check.detail),
                })
                .collect(),
            findings: verification.findings.clone(),
        }
    }

    /// Reads a receipt that came back.
    pub fn from_json(bytes: &[u8]) -> Result<Self, NotAReceipt> {
        Ok(serde_json::from_slice(bytes)?)
    }

    /// The receipt as JSON, for the sender's program.
    pub fn to_json(&self) -> Vec<u8> {
        let mut json = serde_json::to_vec_pretty(self).unwrap_or_default();
        json.push(b'\n');
        json
    }

    /// Whether this receipt answers the package with this fingerprint.
    pub fn answers(&self, fingerprint: &str) -> bool {
        !self.fingerprint.is_empty() && self.fingerprint == fingerprint
    }

    /// What was decided, as a heading and in a sentence, in Chinese.
    pub fn verdict(&self) -> (&'static str, String) {
        let Counts { error, warning, .. } = Counts::of(&self.findings);
        match (self.outcome, &self.reception.in_spite_of_faults) {
            (Outcome::Returned, _) => (
                "档案移交退回通知",
                format!("检验不合格，退回；错误 {error} 项、警告 {warning} 项，见问题清单"),
            ),
            (Outcome::Accepted, Some(reason)) => (
                "档案移交接收回执",
                format!("带问题接收（{error} 项，见问题清单），由接收单位整理；理由：{reason}"),
            ),
            (Outcome::Accepted, None) => ("档案移交接收回执", "检验合格，予以接收".to_owned()),
        }
    }

    /// How much data it is: billions of bytes with three decimals, rounded up.
    pub fn gigabytes(&self) -> String {
        let millions = self.bytes.div_ceil(1_000_000);
        format!("{}.{:03} GB", millions / 1000, millions % 1000)
    }

    /// The receipt as a page to print and sign, in Chinese.
    pub fn to_html(&self) -> String {
        let (title, verdict) = self.verdict();
        let mut page = format!(
            "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>{title}</title><style>{STYLE}</style></head><body>\n<h1>{title}</h1>\n<table>\n"
        );
        let date = |date: NaiveDate| date.format("%Y年%-m月%-d日").to_string();
        for (label, value) in [
            ("移交包", self.package.clone()),
            ("清单摘要（SHA-256）", self.fingerprint.clone()),
            ("移交单位", self.sender.clone()),
            ("全宗号", self.fonds.clone()),
            ("接收单位", self.reception.archives.clone()),
            ("接收日期", date(self.reception.received_on)),
            ("接收号", self.reception.accession.clone().unwrap_or_default()),
            ("数量", format!("案卷{}卷，文件{}件，电子文件{}个", self.volumes, self.items, self.files)),
            ("移交包容量", self.gigabytes()),
            ("结论", verdict),
        ] {
            page.push_str(&format!("<tr><th>{label}</th><td>{}</td></tr>\n", escape(value.as_str())));
        }
        page.push_str("</table>\n<h2>检验</h2>\n<table>\n<tr><th>编号</th><th>项目</th><th>结果</th><th>说明</th></tr>\n");
        for check in &self.checks {
            let result = match check.result {
                CheckResult::Pass => "合格",
                CheckResult::Fail => "不合格",
                CheckResult::Manual => "人工",
            };
            page.push_str(&format!(
                "<tr><td>{}</td><td>{}</td><td>{result}</td><td>{}</td></tr>\n",
                escape(check.code.as_str()),
                escape(check.name.as_str()),
                escape(check.detail.as_str())
            ));
        }
        page.push_str("</table>\n");
        if !self.findings.is_empty() {
            page.push_str(
                "<h2>问题</h2>\n<table>\n<tr><th>程度</th><th>位置</th><th>问题</th><th>处理</th></tr>\n",
            );
            for finding in &self.findings {
                page.push_str(&row(finding));
            }
            page.push_str("</table>\n");
        }
        page.push_str(&format!(
            "<table class=\"sign\"><tr><td>移交单位（印章）<br><br>经办人：<br>日期：</td>\
             <td>接收单位（印章）<br><br>经办人：{}<br>日期：</td></tr></table>\n<p>本回执一式两份，双方各执一份。</p>\n</body></html>\n",
            escape(self.reception.received_by.as_str())
        ));
        page
    }
}

const STYLE: &str = "body{font:14px/1.6 'Noto Serif SC','Source Han Serif SC',SimSun,serif;max-width:50rem;\
margin:2rem auto}h1{text-align:center;letter-spacing:.3em}table{border-collapse:collapse;width:100%;margin:1rem 0}\
th,td{border:1px solid #000;padding:.2rem .5rem;text-align:left;vertical-align:top}th{white-space:nowrap}\
.sign td{width:50%;height:7rem}@media print{body{margin:0}}";

fn row(finding: &Finding) -> String {
    let severity = match finding.severity {
        Severity::Error => "错误",
        Severity::Warning => "警告",
        Severity::Info => "提示",
    };
    let place = [&finding.place.file, &finding.place.volume, &finding.place.item, &finding.place.field];
    let place: Vec<&str> = place.into_iter().flatten().map(String::as_str).collect();
    format!(
        "<tr><td>{severity}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
        escape(place.join(" ").as_str()),
        escape(finding.message.in_lang(Lang::Zh)),
        escape(finding.help.in_lang(Lang::Zh))
    )
}
