package dev.continuo.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/** Self-signed certificates in a folder: {@code name.key} and {@code name.pem} for a server, {@code name-trust.p12} for clients. */
public final class Certificates {
    private final Path folder;
    private final String password;

    private Certificates(Path folder, String password) {
        this.folder = folder;
        this.password = password;
    }

    public static Certificates in(Path folder, String password) {
        return new Certificates(folder, password);
    }

    /**
     * @param san such as {@code ip:127.0.0.1}
     * @return a trust store with nothing but this certificate
     */
    public Path make(String name, String san) throws IOException, InterruptedException, GeneralSecurityException {
        var store = folder.resolve(name + ".p12");
        var made = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        name,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=" + san,
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        password)
                .redirectErrorStream(true)
                .start();
        if (made.waitFor() != 0) {
            throw new IOException("keytool made no certificate");
        }
        var keys = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(store)) {
            keys.load(in, password.toCharArray());
        }
        var key = keys.getKey(name, password.toCharArray()).getEncoded();
        Files.writeString(folder.resolve(name + ".key"), pem("PRIVATE KEY", key));
        var certificate = keys.getCertificate(name);
        Files.writeString(folder.resolve(name + ".pem"), pem("CERTIFICATE", certificate.getEncoded()));
        var trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry(name, certificate);
        var truststore = folder.resolve(name + "-trust.p12");
        try (var out = Files.newOutputStream(truststore)) {
            trust.store(out, password.toCharArray());
        }
        return truststore;
    }

    private static String pem(String what, byte[] der) {
        var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + what + "-----\n" + lines + "\n-----END " + what + "-----\n";
    }
}
