#!/usr/bin/env perl
# SPDX-License-Identifier: Apache-2.0
# A service of SOAP::Lite: SOAP 1.1, rpc/encoded, as Perl's servers have spoken it since 2000.
# Prints its port.
use strict;
use warnings;
use SOAP::Transport::HTTP;

package Counter;

sub add {
    my ($class, $one, $other) = @_;
    return SOAP::Data->name('sum')->type('int')->value($one + $other);
}

sub words {
    my ($class, $text) = @_;
    my @words = map { SOAP::Data->name('item')->type('string')->value($_) } split / /, $text;
    return SOAP::Data->name('words')->type('ArrayOfString')
        ->attr({'soapenc:arrayType' => 'xsd:string[' . scalar(@words) . ']'})
        ->value(\SOAP::Data->value(@words));
}

sub person {
    my ($class, $person) = @_;
    return SOAP::Data->name('greeting')->type('string')->value("$person->{name}: $person->{age}");
}

sub fail {
    my ($class, $why) = @_;
    die SOAP::Fault->faultcode('Client.Refused')->faultstring($why)
        ->faultdetail(SOAP::Data->name('Why')->uri('urn:example:counter')->value($why));
}

package main;

my $daemon = SOAP::Transport::HTTP::Daemon
    ->new(LocalAddr => '127.0.0.1', LocalPort => 0, Listen => 16, ReuseAddr => 1)
    ->dispatch_with({'urn:example:counter' => 'Counter'});
$daemon->url =~ /:(\d+)/ or die 'no port';
$| = 1;
print "$1\n";
$daemon->handle;
