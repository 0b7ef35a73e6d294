//! The server on a real address: slow senders, huge heads, and a clean end.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use archive_web::{Certificate, Listening, Protection, ServeError};

use crate::house::House;

fn say(address: SocketAddr, what: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(what.as_bytes()).unwrap();
    stream
}

fn answer(mut stream: TcpStream) -> String {
    let mut said = String::new();
    let _ = stream.read_to_string(&mut said);
    said
}

#[test]
fn slow_senders_and_huge_heads_keep_nobody_else_waiting_and_the_end_is_clean() {
    let house = House::new();
    let listening = Listening::on(SocketAddr::from(([127, 0, 0, 1], 0)), Protection::OnlyHere).unwrap();
    let (address, stopper) = (listening.address(), listening.stopper());
    let site = Arc::clone(&house.site);
    let server = std::thread::spawn(move || listening.serve(&site));

    let slow: Vec<TcpStream> =
        (0..60).map(|_| say(address, "GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ")).collect();
    let begun = Instant::now();
    let served = answer(say(address, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
    assert!(served.starts_with("HTTP/1.1 200"), "{served}");
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());

    let huge = format!("GET / HTTP/1.1\r\nHost: localhost\r\nX-A: {}\r\n\r\n", "a".repeat(100_000));
    let mut stream = TcpStream::connect(address).unwrap();
    // The server may hang up before all of it was sent.
    let _ = stream.write_all(huge.as_bytes());
    let said = answer(stream);
    assert!(said.is_empty() || said.starts_with("HTTP/1.1 431"), "{said}");
    let many = "X-A: 1\r\n".repeat(500);
    let said = answer(say(address, &format!("GET / HTTP/1.1\r\nHost: localhost\r\n{many}\r\n")));
    assert!(said.starts_with("HTTP/1.1 431"), "{said}");
    let said = answer(say(
        address,
        "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    ));
    assert!(said.starts_with("HTTP/1.1 400"), "{said}");
    assert!(answer(say(address, "\u{0}\u{1}\u{2}\r\n\r\n")).starts_with("HTTP/1.1 400"));

    let begun = Instant::now();
    stopper.stop();
    server.join().unwrap().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(12), "{:?}", begun.elapsed());
    drop(slow);
    assert!(TcpStream::connect(address).is_err(), "nobody listens any more");
}

#[test]
fn an_address_others_can_reach_is_refused_without_a_proxy() {
    let everywhere = SocketAddr::from(([0, 0, 0, 0], 0));
    assert!(matches!(Listening::on(everywhere, Protection::OnlyHere), Err(ServeError::Unprotected(_))));
    assert!(Listening::on(everywhere, Protection::Proxy).is_ok());
}

#[test]
fn with_a_certificate_it_speaks_tls_and_who_doesn_t_is_not_answered() {
    use tokio_rustls::rustls::crypto::ring;
    use tokio_rustls::rustls::pki_types::pem::PemObject as _;
    use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
    use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/tls");
    let (chain, key) = (folder.join("certificate.pem"), folder.join("key.pem"));
    let certificate = Certificate::read(&chain, &key).unwrap();
    // Of everybody's reach, and yet not refused.
    let everywhere = SocketAddr::from(([0, 0, 0, 0], 0));
    let listening = Listening::on(everywhere, Protection::Tls(certificate)).unwrap();
    let address = SocketAddr::from(([127, 0, 0, 1], listening.address().port()));
    let (stopper, house) = (listening.stopper(), House::new());
    let site = Arc::clone(&house.site);
    let server = std::thread::spawn(move || listening.serve(&site));

    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(&chain).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let client = ClientConnection::new(Arc::new(config), ServerName::try_from("localhost").unwrap()).unwrap();
    let mut stream = StreamOwned::new(client, TcpStream::connect(address).unwrap());
    stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut said = String::new();
    let _ = stream.read_to_string(&mut said);
    assert!(said.starts_with("HTTP/1.1 200"), "{said}");

    let plain = answer(say(address, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    assert!(!plain.contains("HTTP/1.1"), "{plain}");
    stopper.stop();
    server.join().unwrap().unwrap();
    assert!(Certificate::read(&key, &chain).is_err(), "the one isn't the other");
    assert!(Certificate::read(&folder.join("nothing.pem"), &key).is_err());
}

#[test]
fn who_takes_nothing_of_their_answer_keeps_nobody_from_theirs() {
    let house = House::new();
    let listening = Listening::on(SocketAddr::from(([127, 0, 0, 1], 0)), Protection::OnlyHere).unwrap();
    let (address, stopper) = (listening.address(), listening.stopper());
    let site = Arc::clone(&house.site);
    let server = std::thread::spawn(move || listening.serve(&site));
    let asked = "GET /assets/style.css HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(400);
    let deaf: Vec<TcpStream> = (0..40)
        .map(|_| {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.set_write_timeout(Some(Duration::from_millis(300))).unwrap();
            let _ = stream.write_all(asked.as_bytes());
            stream
        })
        .collect();
    let served = answer(say(address, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
    assert!(served.starts_with("HTTP/1.1 200"), "{served}");
    drop(deaf);
    stopper.stop();
    server.join().unwrap().unwrap();
}
