package dev.continuo.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;

/**
 * Addresses that are somebody's inside, from the IANA registries of special addresses and the metadata services of the
 * large clouds. Of IPv6 only what is handed out to the public is public; everything that carries an IPv4 address inside
 * is not.
 */
final class SpecialAddresses {
    private static final List<Block> NOT_PUBLIC = blocks(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",
            "168.63.129.16/32",
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "3fff::/20");
    private static final Block PUBLIC_V6 = Block.of("2000::/3");
    /** What nobody means when they allow a host of their own: metadata services, and what is no single machine. */
    private static final List<Block> NEVER = blocks(
            "0.0.0.0/8",
            "169.254.0.0/16",
            "224.0.0.0/3",
            "168.63.129.16/32",
            "192.0.0.192/32",
            "100.100.100.200/32",
            "::/128",
            "fe80::/10",
            "ff00::/8",
            "fd00:ec2::/32");

    private record Block(byte[] prefix, int bits) {
        static Block of(String cidr) {
            var slash = cidr.indexOf('/');
            try {
                return new Block(
                        InetAddress.getByName(cidr.substring(0, slash)).getAddress(),
                        Integer.parseInt(cidr.substring(slash + 1)));
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException(cidr, e);
            }
        }

        boolean holds(byte[] address) {
            if (address.length != prefix.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> bit % 8;
                if ((address[bit / 8] & mask) != (prefix[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    private SpecialAddresses() {}

    static boolean isPublic(InetAddress address) {
        var bytes = address.getAddress();
        return NOT_PUBLIC.stream().noneMatch(b -> b.holds(bytes)) && (bytes.length == 4 || PUBLIC_V6.holds(bytes));
    }

    /** Whether it stays refused even for a host that the operator allows. */
    static boolean isNever(InetAddress address) {
        return NEVER.stream().anyMatch(b -> b.holds(address.getAddress()));
    }

    private static List<Block> blocks(String... cidrs) {
        return Stream.of(cidrs).map(Block::of).toList();
    }
}
